internal import Contract
internal import SwiftProtobuf

/// What SwiftProtobuf and ``EventValidator`` say about a request, in a form that compares with a scan.
struct Verdict: Equatable, CustomStringConvertible {
    /// One event as either side sees it.
    struct Event: Equatable {
        let id: String
        let reason: RefusalReason?
    }

    enum Payload: Equatable {
        case malformed
        case none
        case metadata(Telemetrygateway_V1_RecordEventsRequestMetadata?)
        case events([Event], acknowledged: [String]?, rejected: [Event]?)
    }

    let payload: Payload

    var description: String { "\(payload)" }

    /// Decodes and validates objects.
    static func oracle(_ bytes: [UInt8], acknowledgeRefused: Bool) -> Verdict {
        guard let request = try? Telemetrygateway_V1_RecordEventsRequest(serializedBytes: bytes) else {
            return Verdict(payload: .malformed)
        }
        switch request.payload {
        case nil:
            return Verdict(payload: .none)
        case .metadata(let metadata):
            return Verdict(payload: .metadata(metadata))
        case .events(let payload):
            let events = payload.events.map { Event(id: $0.id, reason: EventValidator.refusal(of: $0)) }
            return Verdict(
                payload: .events(
                    events, acknowledged: events.filter { acknowledgeRefused || $0.reason == nil }.map(\.id),
                    rejected: events.filter { $0.reason != nil }))
        }
    }

    /// Scans, and decodes only what the scanner pointed at.
    static func scanned(_ bytes: [UInt8], acknowledgeRefused: Bool, by scanner: inout WireScanner) -> Verdict {
        bytes.withUnsafeBytes { message in
            let payload: RequestPayload
            do {
                payload = try scanner.scan(message, acknowledgeRefused: acknowledgeRefused)
            } catch {
                return Verdict(payload: .malformed)
            }
            switch payload {
            case .none:
                return Verdict(payload: .none)
            case .metadata:
                return Verdict(
                    payload: .metadata(
                        try? Telemetrygateway_V1_RecordEventsRequestMetadata(
                            serializedBytes: scanner.metadataBytes(of: message))))
            case .events:
                let response = try? Telemetrygateway_V1_RecordEventsResponse(serializedBytes: scanner.acknowledgement)
                return Verdict(
                    payload: .events(
                        events(in: message, of: scanner), acknowledged: response?.succeededEvents,
                        rejected: response.flatMap { rejected($0, by: scanner) }))
            }
        }
    }

    /// The rejections of a response; nil when they do not say what the scanner says.
    private static func rejected(
        _ response: Telemetrygateway_V1_RecordEventsResponse, by scanner: WireScanner
    ) -> [Event]? {
        guard response.rejections.count == scanner.refused.count else { return nil }
        return zip(response.rejections, scanner.refused).map { rejection, refused in
            let isSame = rejection.code == refused.reason.name && rejection.message == refused.reason.message
            return Event(id: rejection.id, reason: isSame ? refused.reason : nil)
        }
    }

    /// Whether the fingerprints of the last scan are those of the accepted events' own bytes.
    static func fingerprintsAgree(_ bytes: [UInt8], _ scanner: WireScanner) -> Bool {
        guard let scope = scanner.scope, scanner.fingerprints.count == 2 * scanner.acceptedCount else { return false }
        return bytes.withUnsafeBytes { message in
            (0..<scanner.acceptedCount).allSatisfy { number in
                let offset = Int(scanner.acceptedIndex[2 * number])
                let end = offset + Int(scanner.acceptedIndex[2 * number + 1])
                let found = scope.fingerprint(of: UnsafeRawBufferPointer(rebasing: message[offset..<end]))
                return found?.0 == scanner.fingerprints[2 * number] && found?.1 == scanner.fingerprints[2 * number + 1]
            }
        }
    }

    /// Accepted and refused events merged back into the order of the message.
    private static func events(in message: UnsafeRawBufferPointer, of scanner: WireScanner) -> [Event] {
        var found: [(offset: Int, event: Event)] = []
        for number in 0..<scanner.acceptedCount {
            let offset = Int(scanner.acceptedIndex[2 * number])
            let bytes = message[offset..<offset + Int(scanner.acceptedIndex[2 * number + 1])]
            let event = try? Telemetrygateway_V1_Event(serializedBytes: Array(bytes))
            found.append((offset, Event(id: event?.id ?? "undecodable", reason: nil)))
        }
        for refused in scanner.refused {
            let id = String(decoding: message[refused.id], as: UTF8.self)
            let event = try? Telemetrygateway_V1_Event(serializedBytes: Array(message[refused.bytes]))
            found.append((Int(refused.offset), Event(id: event?.id == id ? id : "wrong id", reason: refused.reason)))
        }
        return found.sorted { $0.offset < $1.offset }.map(\.event)
    }
}
