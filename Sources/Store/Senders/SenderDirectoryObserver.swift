/// Who is told how the directory of senders does; called on its thread.
package struct SenderDirectoryObserver: Sendable {
    /// A write failed; what it was to record waits.
    package var failed: @Sendable (StoreError) -> Void = { _ in }
    /// So many changes found no room while they waited, and are forgotten.
    package var dropped: @Sendable (Int) -> Void = { _ in }
    /// So many senders are kept now.
    package var counted: @Sendable (Int64) -> Void = { _ in }
    /// The file could not be used, for a reason; it was moved to a path, and a new one takes its place.
    package var setAside: @Sendable (StoreError, String) -> Void = { _, _ in }

    /// Tells nobody.
    package init() {}
}
