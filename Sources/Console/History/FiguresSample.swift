/// The figures of one moment, as far as they are drawn.
struct FiguresSample: Sendable, Hashable {
    /// One destination's part. Events but for the age.
    struct Destination: Sendable, Hashable {
        var accepted: Int64
        var delivered: Int64
        var waiting: Int64
        /// Nanoseconds since the oldest of them was received.
        var oldestAge: Int64
    }

    /// Nanoseconds since 1970.
    var at: Int64
    var bytesOnDisk: Int64
    var destinations: [String: Destination]
}
