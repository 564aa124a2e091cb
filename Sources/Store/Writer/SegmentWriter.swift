/// The one writer of a spool: batches in, group commits on a thread of its own, tickets out.
///
/// It commits again as soon as the last fsync has returned, with all that has queued up meanwhile: no timer, so a lone
/// batch waits for one fsync and a crowd shares one. What waits here is bounded by the caller's admission (bytes in
/// flight), not by dropping.
package final class SegmentWriter: Sendable {
    private let queue: Monitor<Queue>
    private let thread: DedicatedThread
    /// Finished when the thread's loop has ended.
    private let stopped: CommitTicket

    struct Entry: Sendable {
        let batch: BatchRecord
        let ticket: CommitTicket
    }

    struct Queue: Sendable {
        var entries: [Entry] = []
        var probes: [CommitTicket] = []
        /// Whether the open segment is to be sealed, full or not.
        var sealsSegment = false
        var stopping = false
    }

    /// Takes the ingest lock, looks at what an earlier process left, and starts the writer's thread.
    /// - Parameters:
    ///   - layout: the spool; its directories are created when their parent exists.
    ///   - limits: the named limits.
    ///   - duplicates: how events that come again are recognised; nil to store everything. The segments on disk are then
    ///     read first, newest events first and for a limited time; nothing in them keeps the writer from starting.
    ///   - now: nanoseconds since 1970.
    ///   - observer: told of commits, failures and segments.
    /// - Throws: `locked`, `unwritable`, `missingParent` or `io`.
    package static func open(
        layout: SpoolLayout, limits: SegmentLimits = .standard, duplicates: DuplicateDetection? = nil,
        now: @escaping @Sendable () -> Int64, observer: SegmentWriterObserver = SegmentWriterObserver()
    ) throws(StoreError) -> SegmentWriter {
        try layout.create()
        let lock = try ProcessLock.acquire(path: layout.ingestLockPath, role: "ingest")
        try layout.removeLeftSummaries()
        let newest = max(
            try UnsealedSegment(layout: layout).sealNewest(now: now(), observer: observer),
            NewestSegment(layout: layout).read())
        let loop = WriterLoop(
            layout: layout, limits: limits, duplicates: duplicates, newestNumber: newest, now: now, observer: observer)
        let isReady = Monitor(false)
        let writer = try SegmentWriter(loop: loop, lock: lock, isReady: isReady)
        isReady.wait(timeout: nil) { $0 ? () : nil }
        return writer
    }

    private init(loop: WriterLoop, lock: ProcessLock, isReady: Monitor<Bool>) throws(StoreError) {
        let queue = Monitor(Queue())
        let stopped = CommitTicket()
        self.queue = queue
        self.stopped = stopped
        thread = try DedicatedThread(name: "segment-writer") {
            loop.run(queue, isReady: isReady)
            // Here and not by the owner: nobody else may write while this thread still has the segment open.
            lock.release()
            stopped.finish(.success([]))
        }
    }

    /// Queues a batch; never blocks.
    /// - Returns: the ticket that says when the batch is durable.
    package func append(_ batch: BatchRecord) -> CommitTicket {
        let ticket = CommitTicket()
        let accepted = queue.signal { queue in
            if queue.stopping { return false }
            queue.entries.append(Entry(batch: batch, ticket: ticket))
            return true
        }
        if !accepted { ticket.finish(.failure(StoreError(.closed, "the spool is closing: send the batch again"))) }
        return ticket
    }

    /// Checks that the writer's thread answers and that the spool's disk takes a synced write. Nothing is left behind in a
    /// segment.
    /// - Throws: `full`, `unwritable` or `io` as a batch would, `closed` when the writer is stopping.
    package func probe() async throws(StoreError) {
        let ticket = CommitTicket()
        let accepted = queue.signal { queue in
            if queue.stopping { return false }
            queue.probes.append(ticket)
            return true
        }
        guard accepted else { throw StoreError(.closed, "the spool is closing") }
        try await ticket.committed()
    }

    /// Seals the open segment soon, full or not: only a sealed segment can be finished with and removed.
    package func sealSegment() { queue.signal { $0.sealsSegment = true } }

    /// Writes what is queued, seals the segment, ends the thread and lets go of the lock. Call it once.
    package func shutdown() async {
        queue.signal { $0.stopping = true }
        do {
            try await stopped.committed()
        } catch {
            // `stopped` is only ever finished with success.
        }
        thread.join()
    }

    // Without a shutdown the thread ends all the same, and lets go of the lock only then.
    deinit { queue.signal { $0.stopping = true } }
}
