internal import Contract
internal import Foundation
internal import Operator
internal import Store
internal import SwiftProtobuf

/// A spool in a directory of its own, written by the real writer; gone with its last reference.
final class TemporarySpool: Sendable {
    let layout: SpoolLayout
    let metadata: [UInt8]

    init() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("operator-\(UUID().uuidString)").path
        layout = SpoolLayout(root: path)
        var metadata = Telemetrygateway_V1_RecordEventsRequestMetadata()
        metadata.identifier.unlicensedInstance.instanceID = "instance-1"
        self.metadata = try metadata.serializedBytes()
    }

    deinit { try? FileManager.default.removeItem(atPath: layout.root) }

    /// Writes one batch for each list of ids, and seals the segment.
    func write(_ batches: [[String]], receivedAt: Int64) async throws {
        let writer = try SegmentWriter.open(layout: layout, now: { receivedAt })
        let stream = StreamHandle(
            StreamRecord(client: "instance-1", source: "unlicensed_instance", metadata: metadata, openedAt: receivedAt))
        for ids in batches {
            var payload: [UInt8] = []
            var index: [UInt32] = []
            for id in ids {
                var event = Telemetrygateway_V1_Event()
                event.id = id
                event.feature = "search"
                event.action = "view"
                let bytes: [UInt8] = try event.serializedBytes()
                index += [UInt32(payload.count), UInt32(bytes.count)]
                payload += bytes
            }
            let record = BatchRecord(stream: stream, receivedAt: receivedAt, payload: payload, index: index)
            try await writer.append(record).committed()
        }
        await writer.shutdown()
    }

    /// The ids that wait, in order, and what could not be read.
    func waitingIDs(at destination: String? = nil, limit: Int = .max) throws -> (ids: [String], problems: [String]) {
        var ids: [String] = []
        let problems = try SpoolInspector(layout: layout).visitWaiting(at: destination) { waiting in
            for event in waiting.remaining.joined() where ids.count < limit {
                let decoded = waiting.batch.withEvent(event) {
                    try? Telemetrygateway_V1_Event(serializedBytes: Array($0))
                }
                ids.append(decoded?.id ?? "undecodable")
            }
            return ids.count < limit
        }
        return (ids, problems)
    }
}
