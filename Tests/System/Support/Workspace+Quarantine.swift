internal import Contract
internal import Store
internal import SwiftProtobuf

/// An event in quarantine.
struct QuarantinedEvent {
    let id: String
    let requestID: String
    let reason: String
    let detail: String
    let bytes: [UInt8]
}

extension Workspace {
    /// Everything in quarantine, wherever it is kept now.
    func quarantined() throws -> [QuarantinedEvent] {
        try inspector.quarantined(limit: 10_000).map { event in
            QuarantinedEvent(
                id: String(decoding: event.eventID, as: UTF8.self),
                requestID: try Telemetrygateway_V1_RecordEventsRequestMetadata(
                    serializedBytes: event.stream.metadata
                ).requestID,
                reason: event.reason, detail: event.detail, bytes: event.bytes)
        }
    }
}
