import TestSupport

@testable import Store

/// A spool with batches of several clients and a ledger, for tests of outcomes.
final class LedgerFixture {
    let directory: TemporaryDirectory
    let layout: SpoolLayout
    let clock = TestClock()
    let reader: SpoolReader
    private(set) var ledger: DeliveryLedger
    /// The segments, oldest first; batches are numbered from 1 in each.
    let segments: [UInt64]
    /// Events a batch.
    static let events = 5

    /// - Parameter clients: by segment, the client of each batch.
    init(
        _ clients: [[String]], bounds: DeadLetterBounds = DeadLetterBounds(age: .max), maximumClients: Int64 = 100_000,
        quarantined: [QuarantineRecord] = []
    ) async throws {
        directory = try TemporaryDirectory()
        layout = SpoolLayout(root: directory.path + "/spool")
        for segment in clients {
            let writer = try SegmentWriter.open(layout: layout, now: clock.now)
            var streams: [String: StreamHandle] = [:]
            for client in segment {
                let stream = streams[client] ?? StreamHandle(Self.stream(client))
                streams[client] = stream
                let index = (0..<UInt32(Self.events)).flatMap { event -> [UInt32] in [event, 1] }
                try await writer.append(
                    BatchRecord(
                        stream: stream, receivedAt: 7, payload: Array("abcdefgh".utf8), index: index,
                        quarantined: quarantined)
                ).committed()
            }
            await writer.shutdown()
        }
        segments = try layout.segmentNumbers()
        reader = try SpoolReader(layout: layout)
        ledger = try await DeliveryLedger.open(
            layout: layout, now: clock.now, deadLetterBounds: bounds, maximumClients: maximumClients)
    }

    static func stream(_ client: String) -> StreamRecord {
        StreamRecord(client: client, source: "instance", metadata: Array("meta".utf8), openedAt: 3)
    }

    /// Goes on as after a restart of the forwarder.
    func restart(bounds: DeadLetterBounds = DeadLetterBounds(age: .max)) async throws {
        try await ledger.shutdown()
        ledger = try await DeliveryLedger.open(layout: layout, now: clock.now, deadLetterBounds: bounds)
    }

    func resolution(
        _ segment: Int, _ batch: Int64, _ events: Range<Int> = 0..<LedgerFixture.events, client: String,
        _ outcome: Outcome = .delivered
    ) async throws -> Resolution {
        Resolution(
            segment: segments[segment], batch: batch, events: events, batchEvents: Self.events,
            client: try await ledger.client(name: client, source: "instance"), outcome: outcome)
    }

    /// One event as a dead letter.
    func letter(
        _ segment: Int, _ batch: Int64, _ event: Int, client: String, reason: String = "refused", bytes: Int = 10
    ) async throws -> NewDeadLetter {
        NewDeadLetter(
            address: EventAddress(segment: segments[segment], batch: batch, event: event),
            client: try await ledger.client(name: client, source: "instance"), stream: Self.stream(client),
            receivedAt: 7, eventID: [1, 2], feature: "search", action: "open", reason: reason, code: "invalid_argument",
            message: "no\tsuch\nfield", attempts: 2,
            history: [AttemptFailure(at: 5, code: "invalid_argument", message: "no")], digest: "d1",
            bytes: Array(repeating: 9, count: bytes))
    }

    /// Records one event as a dead letter.
    func kill(
        _ segment: Int, _ batch: Int64, _ event: Int, client: String, at destination: DestinationID,
        reason: String = "refused", bytes: Int = 10
    ) async throws {
        let record = DeliveryRecord(
            resolutions: [try await resolution(segment, batch, event..<event + 1, client: client, .dead)],
            deadLetters: [
                try await letter(segment, batch, event, client: client, reason: reason, bytes: bytes)
            ])
        try await ledger.record(record, at: destination)
    }

    func close(_ segment: Int, removing: Bool = true) async throws {
        let number = segments[segment]
        let totals = try await reader.sealedTotals(segment: number) ?? SegmentTotals()
        let account = try await reader.account(
            segment: number, progress: ledger.unfinished(segment: number),
            damaged: ledger.damagedBatches(segment: number))
        try await ledger.close(segment: number, totals: totals, account: account)
        guard removing else { return }
        try await reader.remove(segment: number, damaged: false)
        try await ledger.forget(segment: number)
    }

    var inspector: SpoolInspector { SpoolInspector(layout: layout) }

    /// Changes the ledger's file behind its back.
    func tamper(_ sql: String) async throws {
        try await ledger.shutdown()
        let connection = try Connection(path: layout.ledgerPath)
        try connection.execute(sql)
        connection.close()
        ledger = try await DeliveryLedger.open(layout: layout, now: clock.now)
    }
}
