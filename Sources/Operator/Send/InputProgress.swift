internal import Synchronization

/// What a source of batches shares with those who watch it from other threads.
final class InputProgress: Sendable {
    private let read = Atomic<Int64>(0)
    private let stopping = Atomic<Bool>(false)

    /// Bytes taken from the inputs so far.
    var bytesRead: Int64 { read.load(ordering: .relaxed) }

    /// Whether the input is to end now.
    var isStopping: Bool { stopping.load(ordering: .relaxed) }

    /// Counts bytes taken from an input.
    func add(_ bytes: Int) { read.wrappingAdd(Int64(bytes), ordering: .relaxed) }

    /// Ends the input.
    func stop() { stopping.store(true, ordering: .relaxed) }
}
