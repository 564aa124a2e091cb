import Synchronization

@testable import Store

/// Collects what a writer tells its observer.
final class ObserverLog: Sendable {
    struct Entries {
        var groups: [GroupCommit] = []
        var restored: [RestoredDuplicates] = []
        var commits: [Int] { groups.map(\.batches) }
        var failures: [StoreError] = []
        var opened: [UInt64] = []
        var sealed: [UInt64: SegmentTotals] = [:]
        var leftUnsealed: [UInt64: StoreError] = [:]
    }

    private let state = Mutex(Entries())
    private let seals: AsyncStream<UInt64>
    private let seal: AsyncStream<UInt64>.Continuation

    init() { (seals, seal) = AsyncStream.makeStream() }

    var entries: Entries { state.withLock { $0 } }

    /// Returns how many segments are sealed, once there are `count`. One caller may wait.
    func waitUntilSealed(_ count: Int = 1) async -> Int {
        for await _ in seals where entries.sealed.count >= count { break }
        return entries.sealed.count
    }

    var observer: SegmentWriterObserver {
        var observer = SegmentWriterObserver()
        observer.committed = { commit in self.state.withLock { $0.groups.append(commit) } }
        observer.restored = { restored in self.state.withLock { $0.restored.append(restored) } }
        observer.failed = { _, _, error in self.state.withLock { $0.failures.append(error) } }
        observer.opened = { number in self.state.withLock { $0.opened.append(number) } }
        observer.sealed = { number, totals in
            self.state.withLock { $0.sealed[number] = totals }
            self.seal.yield(number)
        }
        observer.leftUnsealed = { number, error in self.state.withLock { $0.leftUnsealed[number] = error } }
        return observer
    }
}
