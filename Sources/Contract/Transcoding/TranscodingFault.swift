/// Why an event was not transcoded, as one byte: thrown on the hot path.
enum TranscodingFault: UInt8, Error {
    /// The event is damaged, or of a shape that decoding it handles with less code: the slow path decides.
    case declined
    /// The output does not fit in the memory reserved for it.
    case outOfSpace
    /// An event has more map entries than the scratch space holds.
    case outOfScratch
}
