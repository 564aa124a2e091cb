/// How what is sent or written is compressed.
package enum Compression: String, Sendable, Hashable, CaseIterable {
    /// Not at all.
    case none
    /// With gzip.
    case gzip
}
