import Logging
import Observing
import Planning
import Runtime
import Store
import TestSupport
import Testing

@testable import Forwarder

/// A spool with events, a ledger, and the workers of one scripted destination.
struct DeliveryWorld {
    let directory: TemporaryDirectory
    let layout: SpoolLayout
    /// The one segment.
    let segment: UInt64
    let reader: SpoolReader
    let ledger: DeliveryLedger
    let receipts: ReceiptLog
    let destination: ScriptedDestination
    let identifier: DestinationID
    var limits: DeliveryLimits

    private static let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    /// - Parameter batches: ids of the events of each batch; all lie in one segment.
    init(_ batches: [[String]], _ destination: ScriptedDestination) async throws {
        self.destination = destination
        directory = try TemporaryDirectory()
        layout = SpoolLayout(root: directory.path + "/spool")
        let writer = try SegmentWriter.open(layout: layout, now: { WallClock.now() })
        let stream = StreamHandle(try TestEvents.stream())
        for ids in batches {
            let (payload, index) = try TestEvents.payload(ids)
            try await writer.append(
                BatchRecord(stream: stream, receivedAt: WallClock.now(), payload: payload, index: index)
            ).committed()
        }
        await writer.shutdown()
        segment = try #require(layout.segmentNumbers().first)
        reader = try SpoolReader(layout: layout)
        receipts = try ReceiptLog(layout: layout)
        ledger = try await DeliveryLedger.open(layout: layout, now: { WallClock.now() })
        identifier = try await ledger.register(destination: destination.name)
        try await ledger.activate(destinations: [identifier])
        limits = DeliveryLimits(maximumInFlight: destination.limits.maximumInFlight)
        // What takes seconds for real destinations.
        limits.eventBase = 1_000_000
        limits.requestBase = 1_000_000
        limits.breaker.base = 1_000_000
        limits.breaker.minimumPause = 1_000_000
        limits.patience = 0
    }

    private var metrics: DeliveryMetrics {
        DeliveryMetrics(destination: destination.name, registry: PrometheusRegistry())
    }

    /// Runs the worker until nothing waits any more.
    func drain() async throws {
        let (drained, end) = AsyncStream.makeStream(of: Void.self)
        let board = WorkerBoard(destinations: [destination.name], pause: { _ in }, exit: { end.finish() })
        let worker = DestinationWorker(
            destination: destination, identifier: identifier, reader: reader, ledger: ledger,
            retirement: SegmentRetirement(
                reader: reader, ledger: ledger, destinations: [identifier], retainsSegments: true,
                receipts: receipts, now: { WallClock.now() }, logger: Self.logger),
            metrics: metrics, limits: limits, board: board,
            spans: DeliverySpans(tracer: .off, destination: destination.name), logger: Self.logger,
            receipts: receipts)
        let asked = nextRequest()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await worker.run() }
            // Before it runs there is nobody who could be told.
            for await _ in asked.prefix(1) {}
            await board.drain([destination.name], thenExit: true)
            for await _ in drained {}
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    /// Sends again what was ordered, until the destination has been asked once.
    func replay() async throws {
        let worker = ReplayWorker(
            destination: destination, identifier: identifier, reader: reader, ledger: ledger, metrics: metrics,
            logger: Self.logger)
        let asked = nextRequest()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await worker.run() }
            for await _ in asked.prefix(1) {}
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    private func nextRequest() -> AsyncStream<Void> {
        let (asked, continuation) = AsyncStream.makeStream(of: Void.self)
        destination.asked.value = continuation
        return asked
    }

    /// All dead letters with everything that is known of them.
    func deadLetters() throws -> [DeadLetter] {
        var letters: [DeadLetter] = []
        try SpoolInspector(layout: layout).visitDeadLetters(DeadLetterFilter(), loading: true) { letter in
            letters.append(letter)
            return true
        }
        return letters
    }

    /// Whether every accepted event is accounted for.
    func isBalanced() throws -> Bool { try SpoolInspector(layout: layout).audit().isBalanced }
}
