internal import Runtime

/// Times and numbers for people. English, whatever the locale.
enum Ages {
    private static let second: Int64 = 1_000_000_000

    /// `12 s ago (2026-01-31T22:00:00Z)`. Clocks differ: what lies ahead is now.
    static func ago(_ at: Int64, now: Int64) -> String {
        "\(span(now &- at)) ago (\(RFC3339.format(at / second * second, fraction: .seconds)))"
    }

    /// `12 s`, `3 min`, `5 h`, `2 d`: the largest unit, cut.
    static func span(_ nanoseconds: Int64) -> String {
        let seconds = max(0, nanoseconds) / second
        switch seconds {
        case ..<120: return "\(seconds) s"
        case ..<7_200: return "\(seconds / 60) min"
        case ..<172_800: return "\(seconds / 3_600) h"
        default: return "\(seconds / 86_400) d"
        }
    }

    /// `1 event`, `1,000 events`.
    static func events(_ number: Int64) -> String { count(number, "event", "events") }

    /// `1 call`, `1,000 calls`.
    static func count(_ number: Int64, _ singular: String, _ plural: String) -> String {
        let digits = Array(String(number.magnitude))
        var text = number < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return text + " " + (number == 1 ? singular : plural)
    }

    /// A day in UTC from seconds since 1970.
    static func day(_ seconds: Int64) -> String {
        let (nanoseconds, isBeyond) = seconds.multipliedReportingOverflow(by: second)
        return isBeyond ? "\(seconds) s after 1970" : String(RFC3339.format(nanoseconds, fraction: .seconds).prefix(10))
    }
}
