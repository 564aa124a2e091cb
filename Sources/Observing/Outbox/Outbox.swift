package import CoreMetrics
internal import Runtime
internal import Synchronization

/// Takes items from anywhere without ever making anybody wait, and sends them from one task: bounded, counted, repeated as
/// far as that makes sense.
package final class Outbox<Item: Sendable>: Sendable {
    private let queue: Mutex<OutboxQueue<Item>>
    private let interval: Duration
    private let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation
    private let counters: [OutboxOutcome: Counter]
    private let flushUntil = Mutex<Int64?>(nil)
    private let unsent = Atomic<Int>(0)
    private let send: @Sendable ([Item]) async -> OutboxResult

    /// - Parameters:
    ///   - counter: the name of what counts items by `outcome`.
    ///   - send: sends one request and ends by itself after a while, or when its task is cancelled.
    package init(
        limits: OutboxLimits, counter: String, factory: any MetricsFactory,
        send: @escaping @Sendable ([Item]) async -> OutboxResult
    ) {
        queue = Mutex(OutboxQueue(limits: limits))
        interval = limits.interval
        (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        counters = Dictionary(
            uniqueKeysWithValues: OutboxOutcome.allCases.map {
                ($0, Counter(label: counter, dimensions: [("outcome", $0.rawValue)], factory: factory))
            })
        self.send = send
    }

    /// Items that there was no time for at the end.
    package var unsentCount: Int { unsent.load(ordering: .relaxed) }

    /// Takes an item, or drops it when too many wait.
    package func add(_ item: Item) {
        let (taken, isWhole) = queue.withLock { queue in (queue.add(item), queue.hasWholeBatch) }
        if !taken { counters[.dropped]?.increment() }
        if isWhole { signal.yield() }
    }

    /// Sends until ``finish(until:)`` is called and everything is sent or given up, or until the task is cancelled.
    package func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { [interval, signal] in
                while !Task.isCancelled {
                    try? await Task.sleep(for: interval)
                    signal.yield()
                }
            }
            for await _ in signals {
                guard let time = await sendAll() else { continue }
                group.addTask { [signal] in
                    await Self.sleep(until: time)
                    signal.yield()
                }
            }
            group.cancelAll()
        }
        await flush()
    }

    /// Nothing is added any more: what waits is sent, if that takes no longer than to a moment (monotonic nanoseconds).
    package func finish(until moment: Int64) {
        flushUntil.withLock { $0 = moment }
        signal.finish()
    }

    /// - Returns: when to go on; nil when there is nothing to wait for.
    private func sendAll() async -> Int64? {
        while !Task.isCancelled, flushUntil.withLock({ $0 == nil }) {
            switch queue.withLock({ $0.next(now: WallClock.monotonic()) }) {
            case .send(let items): await sendOnce(items)
            case .wait(let time): return time
            case .nothing: return nil
            }
        }
        return nil
    }

    private func flush() async {
        flushing: while !Task.isCancelled {
            switch queue.withLock({ $0.next(now: WallClock.monotonic()) }) {
            case .send(let items): await sendOnce(items)
            case .wait(let time):
                // Whoever asked for a pause gets it, also from a process that ends.
                guard let limit = flushUntil.withLock(\.self), time < limit else { break flushing }
                await Self.sleep(until: time)
            case .nothing: return
            }
        }
        let count = queue.withLock { $0.giveUp() }
        counters[.dropped]?.increment(by: count)
        unsent.wrappingAdd(count, ordering: .relaxed)
    }

    private func sendOnce(_ items: [Item]) async {
        let result = await send(items)
        let outcomes = queue.withLock {
            $0.ended(result, now: WallClock.monotonic(), jitter: Double.random(in: 0...1))
        }
        for (outcome, count) in outcomes { counters[outcome]?.increment(by: count) }
    }

    private static func sleep(until monotonic: Int64) async {
        try? await Task.sleep(for: .nanoseconds(max(0, monotonic &- WallClock.monotonic())))
    }
}
