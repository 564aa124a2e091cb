extension JSONOutput {
    /// Writes a timestamp as RFC 3339 text in UTC with 0, 3, 6 or 9 decimals. The caller has required space and checked
    /// ``TimestampRule``.
    mutating func timestamp(seconds: Int64, nanoseconds: Int32) {
        // Counted from 0001-01-01, so that nothing is negative.
        let sinceYearOne = UInt64(bitPattern: seconds &- TimestampRule.minimumSeconds)
        let date = Self.date(daysSinceYearOne: sinceYearOne / 86_400)
        let second = sinceYearOne % 86_400
        next[0] = UInt8(ascii: "\"")
        twoDigits(date.year / 100, at: next + 1)
        twoDigits(date.year % 100, at: next + 3)
        next[5] = UInt8(ascii: "-")
        twoDigits(date.month, at: next + 6)
        next[8] = UInt8(ascii: "-")
        twoDigits(date.day, at: next + 9)
        next[11] = UInt8(ascii: "T")
        twoDigits(second / 3600, at: next + 12)
        next[14] = UInt8(ascii: ":")
        twoDigits(second / 60 % 60, at: next + 15)
        next[17] = UInt8(ascii: ":")
        twoDigits(second % 60, at: next + 18)
        next += 20
        if nanoseconds != 0 { decimals(UInt64(nanoseconds.magnitude)) }
        literal(#"Z""#)
    }

    private mutating func decimals(_ nanoseconds: UInt64) {
        byte(UInt8(ascii: "."))
        var rest = nanoseconds
        var count = 9
        while rest.isMultiple(of: 1000) {
            rest /= 1000
            count &-= 3
        }
        var index = count
        while index > 0 {
            index &-= 1
            next[index] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        next += count
    }

    /// The date of a day in the Gregorian calendar, by counting years from March, so that the leap day comes last.
    @inline(__always)
    private static func date(daysSinceYearOne: UInt64) -> (year: UInt64, month: UInt64, day: UInt64) {
        // 306 days lie between 0000-03-01 and 0001-01-01.
        let days = daysSinceYearOne &+ 306
        let era = days / 146_097
        let dayOfEra = days % 146_097
        let yearOfEra = (dayOfEra &- dayOfEra / 1460 &+ dayOfEra / 36_524 &- dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra &- (365 &* yearOfEra &+ yearOfEra / 4 &- yearOfEra / 100)
        let monthFromMarch = (5 &* dayOfYear &+ 2) / 153
        let day = dayOfYear &- (153 &* monthFromMarch &+ 2) / 5 &+ 1
        let month = monthFromMarch < 10 ? monthFromMarch &+ 3 : monthFromMarch &- 9
        return (yearOfEra &+ era &* 400 &+ (month <= 2 ? 1 : 0), month, day)
    }
}
