/// The timestamps that JSON can express: years 1 to 9999.
enum TimestampRule {
    /// 0001-01-01T00:00:00Z, in seconds since 1970.
    static let minimumSeconds: Int64 = -62_135_596_800
    /// 9999-12-31T23:59:59Z, in seconds since 1970.
    static let maximumSeconds: Int64 = 253_402_300_799
    /// The last nanosecond of a second.
    static let maximumNanoseconds: Int32 = 999_999_999

    @inline(__always)
    static func isExpressible(seconds: Int64, nanoseconds: Int32) -> Bool {
        seconds >= minimumSeconds && seconds <= maximumSeconds && nanoseconds >= 0 && nanoseconds <= maximumNanoseconds
    }
}
