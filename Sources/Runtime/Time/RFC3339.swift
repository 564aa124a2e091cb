/// Timestamps as text, without Foundation: `2026-01-31T23:59:59.123Z`, always UTC.
package enum RFC3339 {
    /// How many digits follow the second.
    package enum Fraction: Int, Sendable {
        /// No fraction.
        case seconds = 0
        /// Three digits.
        case milliseconds = 3
        /// Six digits.
        case microseconds = 6
        /// Nine digits.
        case nanoseconds = 9
    }

    private static let nanosecondsPerSecond: Int64 = 1_000_000_000
    private static let secondsPerDay: Int64 = 86_400

    /// The text of a point in time given as nanoseconds since 1970; the fraction is cut, not rounded.
    package static func format(_ nanoseconds: Int64, fraction: Fraction = .milliseconds) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32)
        append(nanoseconds, fraction: fraction, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the text of a point in time given as nanoseconds since 1970; every `Int64` lies in the years 1677 to 2262.
    package static func append(_ nanoseconds: Int64, fraction: Fraction = .milliseconds, to bytes: inout [UInt8]) {
        let (seconds, subsecond) = flooredDivision(nanoseconds, nanosecondsPerSecond)
        let (days, secondOfDay) = flooredDivision(seconds, secondsPerDay)
        let (year, month, day) = civil(daysSince1970: days)
        appendDigits(year, count: 4, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        appendDigits(month, count: 2, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        appendDigits(day, count: 2, to: &bytes)
        bytes.append(UInt8(ascii: "T"))
        appendDigits(secondOfDay / 3_600, count: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        appendDigits(secondOfDay / 60 % 60, count: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        appendDigits(secondOfDay % 60, count: 2, to: &bytes)
        if fraction != .seconds {
            bytes.append(UInt8(ascii: "."))
            var value = subsecond
            for _ in fraction.rawValue..<9 { value /= 10 }
            appendDigits(value, count: fraction.rawValue, to: &bytes)
        }
        bytes.append(UInt8(ascii: "Z"))
    }

    // Howard Hinnant's days-to-civil: years begin in March, so that the leap day is the last one.
    private static func civil(daysSince1970 days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = flooredDivision(days + 719_468, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    private static func flooredDivision(_ value: Int64, _ divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    private static func appendDigits(_ value: Int64, count: Int, to bytes: inout [UInt8]) {
        var divisor: Int64 = 1
        for _ in 1..<max(count, 1) { divisor *= 10 }
        for _ in 0..<count {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / divisor % 10))
            divisor = max(divisor / 10, 1)
        }
    }
}
