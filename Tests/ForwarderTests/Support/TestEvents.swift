import Contract
import Store
import SwiftProtobuf

/// Stored batches of small events, as ingest would have written them.
enum TestEvents {
    /// An encoded event.
    static func bytes(_ id: String) throws -> [UInt8] {
        var event = Telemetrygateway_V1_Event()
        event.id = id
        event.timestamp.seconds = 1_700_000_000
        event.feature = "feature"
        event.action = "action"
        return try event.serializedBytes()
    }

    /// The payload of a batch, and offset and length of each event in it.
    static func payload(_ ids: [String]) throws -> (bytes: [UInt8], index: [UInt32]) {
        var (payload, index): ([UInt8], [UInt32]) = ([], [])
        for id in ids {
            let event = try bytes(id)
            index += [UInt32(payload.count), UInt32(event.count)]
            payload += event
        }
        return (payload, index)
    }

    static func batch(_ number: Int64, _ ids: [String], segment: UInt64 = 1) throws -> StoredBatch {
        let (payload, index) = try payload(ids)
        return StoredBatch(segment: segment, id: number, stream: 1, receivedAt: 0, payload: payload, index: index)
    }

    static func stream() throws -> StreamRecord {
        var metadata = Telemetrygateway_V1_RecordEventsRequestMetadata()
        metadata.requestID = "request"
        metadata.identifier.unlicensedInstance.instanceID = "instance"
        return StreamRecord(
            client: "instance", source: "unlicensed_instance", metadata: try metadata.serializedBytes(), openedAt: 0)
    }
}
