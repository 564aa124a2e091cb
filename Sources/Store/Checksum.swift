internal import CSupport

/// CRC-32C over what a stored row must still be when it is read.
struct Checksum {
    private(set) var value: UInt32 = 0

    /// Adds bytes.
    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        value = gateway_crc32c(value, bytes.baseAddress, bytes.count)
    }

    /// Adds an integer, little-endian.
    mutating func add(_ integer: Int64) {
        withUnsafeBytes(of: integer.littleEndian) { add($0) }
    }

    /// Adds text with its length, so that neighbouring fields can not trade bytes.
    mutating func add(_ text: String) {
        var text = text
        add(Int64(text.utf8.count))
        text.withUTF8 { add(UnsafeRawBufferPointer($0)) }
    }
}
