/// Why a scan stopped, as one byte: thrown on the hot path, where a ``WireError`` with its text would cost registers.
enum WireFault: UInt8, Error {
    case malformed, truncated, invalidUTF8, tooDeep, tooManyEvents
}
