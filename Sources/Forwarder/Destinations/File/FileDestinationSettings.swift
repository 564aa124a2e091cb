internal import Runtime

/// Limits, clocks and system calls of a `FileDestination`.
package struct FileDestinationSettings: Sendable {
    /// A file of at least this many bytes is finished.
    package var fileBytes = 64 << 20
    /// A file is finished this long after its first line, whether or not more lines come.
    package var fileAge: Duration = .seconds(10)
    /// How files are compressed.
    package var compression = Compression.none
    /// Deliveries written and synced together, in bytes of lines.
    package var groupBytes = 8 << 20
    /// Deliveries that may wait for the writing thread; more are refused.
    package var queuedDeliveries = 64
    /// What one request may hold. Only memory limits a file.
    package var requests = RequestLimits(
        maximumMessages: 10_000, maximumBytes: 4 << 20, maximumMessageBytes: 1 << 30, maximumInFlight: 4)
    /// Wait before a file that could not be finished is tried again.
    package var finishRetry: Duration = .seconds(1)
    /// Nanoseconds since 1970, for file names.
    package var wallClock: @Sendable () -> Int64 = { WallClock.now() }
    /// Nanoseconds that never go back, for ages.
    package var monotonicClock: @Sendable () -> Int64 = { WallClock.monotonic() }
    /// Hears what happened to files; called on the writing thread, must not block.
    package var observer: @Sendable (FileDestinationEvent) -> Void = { _ in }

    var calls = FileCalls()

    /// The standard settings.
    package init() {}
}
