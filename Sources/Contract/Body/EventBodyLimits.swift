/// The named limits of a request body with events.
package struct EventBodyLimits: Sendable, Hashable {
    /// Bytes of the whole body, after decompression. Larger loads are what the gRPC stream is for.
    package var bodyBytes = 16 << 20
    /// Items (lines or elements) of one body; the answer has an entry for each.
    package var items = 50_000
    /// Bytes of one item. Hostile JSON takes some fifty times its length while it is being decoded.
    package var itemBytes = 1 << 20
    /// Objects and arrays inside each other, the event itself counted. One of them is up to three messages on the wire,
    /// and ``WireLimits/standardDepth`` must hold for whatever is decoded here.
    package var depth = 32
    /// Bytes of all events once they are protobuf: numbers in private metadata grow up to sixfold.
    package var wireBytes = 32 << 20

    /// The standard limits.
    package init() {}

    /// The standard limits.
    package static let standard = EventBodyLimits()
}
