extension [UInt8] {
    /// Where `bytes` stand last.
    func lastRange(of bytes: ArraySlice<UInt8>) -> Range<Int>? {
        guard let first = bytes.first, count >= bytes.count else { return nil }
        return stride(from: count - bytes.count, through: 0, by: -1).first {
            self[$0] == first && self[$0..<($0 + bytes.count)] == bytes
        }.map { $0..<($0 + bytes.count) }
    }
}
