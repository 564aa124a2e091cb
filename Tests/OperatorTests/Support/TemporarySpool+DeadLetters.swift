internal import Contract
internal import Foundation
internal import Operator
internal import Store
internal import SwiftProtobuf

extension TemporarySpool {
    /// An event of the contract, with something in it that is to be edited out.
    static func event(_ id: String) throws -> [UInt8] {
        var event = Telemetrygateway_V1_Event()
        event.id = id
        event.timestamp = Google_Protobuf_Timestamp(seconds: 1_700_000_000)
        event.feature = "search"
        event.action = "view"
        event.parameters.privateMetadata.fields["secret"] = Google_Protobuf_Value(stringValue: "s3cr3t")
        return try event.serializedBytes()
    }

    /// Records events of the oldest segment's batches as dead letters.
    func bury(
        _ ids: [String], batch: Int64 = 1, batchEvents: Int, code: String = "invalid_argument", bytes: [UInt8]? = nil,
        client: String = "instance-1", at destination: DestinationID, in ledger: DeliveryLedger
    ) async throws {
        guard let segment = try layout.segmentNumbers().first else { return }
        let row = try await ledger.client(name: client, source: "unlicensed_instance")
        var record = DeliveryRecord()
        record.resolutions = [
            Resolution(
                segment: segment, batch: batch, events: 0..<ids.count, batchEvents: batchEvents, client: row,
                outcome: .dead)
        ]
        for (index, id) in ids.enumerated() {
            let content = try bytes ?? Self.event(id)
            record.deadLetters.append(
                NewDeadLetter(
                    address: EventAddress(segment: segment, batch: batch, event: index), client: row,
                    stream: StreamRecord(
                        client: client, source: "unlicensed_instance", metadata: metadata, openedAt: 1),
                    receivedAt: 1_700_000_000_000_000_000, eventID: Array(id.utf8), feature: "search", action: "view",
                    reason: "refused", code: code, message: "the destination says no",
                    history: [AttemptFailure(at: 1_799_999_000_000_000_000, code: code, message: "no")],
                    digest: EventDigest.hex(content), bytes: content))
        }
        try await ledger.record(record, at: destination)
    }

    /// The dead letters that a filter means, with their bytes.
    func deadLetters(_ change: (inout DeadLetterFilter) -> Void = { _ in }) throws -> [DeadLetter] {
        var filter = DeadLetterFilter()
        change(&filter)
        var letters: [DeadLetter] = []
        try SpoolInspector(layout: layout).visitDeadLetters(filter, loading: true) {
            letters.append($0)
            return true
        }
        return letters
    }
}

extension TemporarySpool {
    /// Writes a batch whose only event is quarantined, into a segment of its own.
    func quarantine(_ id: String, reason: String, receivedAt: Int64) async throws {
        let writer = try SegmentWriter.open(layout: layout, now: { receivedAt })
        let bytes = try Self.event(id)
        let stream = StreamHandle(
            StreamRecord(
                client: "instance-2", source: "unlicensed_instance", metadata: metadata, openedAt: receivedAt))
        let record = BatchRecord(
            stream: stream, receivedAt: receivedAt, payload: bytes, index: [],
            quarantined: [
                QuarantineRecord(
                    offset: 0, length: bytes.count, reason: reason, detail: "why", eventID: Array(id.utf8))
            ])
        try await writer.append(record).committed()
        await writer.shutdown()
    }
}
