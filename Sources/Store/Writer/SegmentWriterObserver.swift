/// What the writer tells whoever measures or logs it. Called on the writer's thread: it must not block.
package struct SegmentWriterObserver: Sendable {
    /// The starting writer has read what it remembers; only told when duplicates are looked for.
    package var restored: @Sendable (RestoredDuplicates) -> Void = { _ in }
    /// A group is durable.
    package var committed: @Sendable (GroupCommit) -> Void = { _ in }
    /// A group was refused; none of its batches (and payload bytes) is durable.
    package var failed: @Sendable (_ batches: Int, _ bytes: Int, _ error: StoreError) -> Void = { _, _, _ in }
    /// A group is durable or refused; told before its tickets are. Nil to save the work.
    package var settled: (@Sendable (SettledGroup) -> Void)?
    /// A new segment takes batches from now on.
    package var opened: @Sendable (_ number: UInt64) -> Void = { _ in }
    /// A segment gets no more batches.
    package var sealed: @Sendable (_ number: UInt64, _ totals: SegmentTotals) -> Void = { _, _ in }
    /// A segment could not be sealed or looked at; its batches are kept, the forwarder deals with it.
    package var leftUnsealed: @Sendable (_ number: UInt64, _ error: StoreError) -> Void = { _, _ in }

    /// An observer that ignores everything.
    package init() {}
}
