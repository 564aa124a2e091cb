/// Who has sent to this ingest and what it was told, kept in a file of its own beside the spool.
///
/// It is never on the way of an acknowledgement: whoever notes something adds it to sums in memory, and a thread of its own
/// writes them at most once a second, in one transaction that waits for no disk. A crash loses what is not written; a file
/// that can not be read is set aside; a full disk makes it wait, within a bound.
package final class SenderDirectory: Sendable {
    /// Senders that are kept; the ones that were seen longest ago go, first of those that were never admitted.
    package static let standardMaximumSenders: Int64 = 100_000
    /// Senders whose changes wait to be written at most; those of further ones are forgotten and counted.
    package static let standardMaximumPending = 10_000
    /// Between two writes.
    package static let standardInterval = Duration.seconds(1)

    private struct State: Sendable {
        var pending: SenderPending
        var isStopping = false
    }

    private let state: Monitor<State>
    private let calls = SenderCalls()
    private let thread: DedicatedThread

    /// Starts the thread; the file is opened there, so that nothing about it keeps ingest from starting.
    /// - Throws: `io` when there is no thread to be had.
    package init(
        layout: SpoolLayout, maximumSenders: Int64 = SenderDirectory.standardMaximumSenders,
        maximumPending: Int = SenderDirectory.standardMaximumPending,
        interval: Duration = SenderDirectory.standardInterval,
        observer: SenderDirectoryObserver = SenderDirectoryObserver()
    ) throws(StoreError) {
        let state = Monitor(State(pending: SenderPending(maximum: maximumPending)))
        let nanoseconds = Int64(interval / .nanoseconds(1))
        self.state = state
        thread = try DedicatedThread(name: "senders") { [calls] in
            let writer = SenderWriter(layout: layout, maximumSenders: maximumSenders, observer: observer)
            while true {
                let isLast = state.wait(timeout: nanoseconds) { $0.isStopping ? true : nil } ?? false
                let taken = calls.takeChanges()
                let (changes, dropped) = state.withLock { state in
                    for change in taken { state.pending.add(change) }
                    return state.pending.take()
                }
                if dropped > 0 { observer.dropped(dropped) }
                let rest = writer.record(changes)
                if isLast { return writer.close() }
                if !rest.isEmpty { state.withLock { $0.pending.putBack(rest) } }
            }
        }
    }

    deinit { state.signal { $0.isStopping = true } }

    /// Adds what has happened. Costs a look-up under a lock.
    package func note(_ change: SenderChange) {
        guard !change.isEmpty else { return }
        state.withLock { $0.pending.add(change) }
    }

    /// Asks a call once in a while what it has come to, until `ended` is told.
    package func began(_ call: any SenderSource) { calls.add(call) }

    /// A call is over.
    package func ended(_ call: any SenderSource) { calls.remove(call) }

    /// Writes what waits and ends the thread. Blocks for as long as that takes.
    package func shutdown() {
        state.signal { $0.isStopping = true }
        thread.join()
    }
}
