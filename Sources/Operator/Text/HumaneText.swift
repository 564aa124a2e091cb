/// Numbers, sizes and spans of time for people. English, whatever the locale, so that texts can be compared.
package enum HumaneText {
    private static let nanosecondsPerMillisecond: Int64 = 1_000_000
    private static let nanosecondsPerSecond: Int64 = 1_000_000_000

    /// `1,234,567`.
    package static func count(_ number: Int64) -> String {
        let digits = Array(String(number.magnitude))
        var text = number < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return text
    }

    /// `1 batch`, `1,000 batches`.
    package static func quantity(_ number: Int64, _ singular: String, _ plural: String) -> String {
        "\(count(number)) \(number == 1 ? singular : plural)"
    }

    /// `1 event`, `1,000 events`.
    package static func events(_ number: Int64) -> String { quantity(number, "event", "events") }

    /// `512 B`, `1.5 KiB`, `12.4 MiB`: one decimal, cut, not rounded.
    package static func bytes(_ number: Int64) -> String {
        let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"]
        var unit = 0
        var scale: Int64 = 1
        while number / scale >= 1024, unit < units.count - 1 {
            unit += 1
            scale *= 1024
        }
        guard unit > 0 else { return "\(number) B" }
        return "\(number / scale).\(number % scale * 10 / scale) \(units[unit])"
    }

    /// A number with at most one decimal: `16`, `2.5`.
    package static func decimal(_ number: Double) -> String {
        guard number.isFinite, number.magnitude < 1e15 else { return "\(number)" }
        let tenths = Int64((number * 10).rounded())
        return count(tenths / 10) + (tenths % 10 == 0 ? "" : ".\((tenths % 10).magnitude)")
    }

    /// Events a second: `12,345/s`, below ten with a decimal.
    package static func rate(_ perSecond: Double) -> String {
        decimal(perSecond.magnitude < 10 ? perSecond : perSecond.rounded()) + "/s"
    }

    /// A span in nanoseconds: `450 ms`, `12 s`, `3 min 12 s`, `2 h 5 min`, `3 d 4 h`. Never negative: clocks differ.
    package static func span(_ nanoseconds: Int64) -> String {
        let seconds = max(0, nanoseconds) / nanosecondsPerSecond
        switch seconds {
        case 0: return "\(max(0, nanoseconds) / nanosecondsPerMillisecond) ms"
        case ..<60: return "\(seconds) s"
        case ..<3_600: return pair(seconds, 60, "min", 1, "s")
        case ..<86_400: return pair(seconds, 3_600, "h", 60, "min")
        default: return pair(seconds, 86_400, "d", 3_600, "h")
        }
    }

    /// A measured span in nanoseconds as seconds with milliseconds: `0.012 s`.
    package static func seconds(_ nanoseconds: Int64) -> String { "\(decimalSeconds(nanoseconds)) s" }

    /// A measured span in nanoseconds as a decimal number of seconds: `0.012`.
    package static func decimalSeconds(_ nanoseconds: Int64) -> String {
        let milliseconds = max(0, nanoseconds) / nanosecondsPerMillisecond
        let fraction = String(milliseconds % 1000)
        return "\(milliseconds / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
    }

    private static func pair(
        _ seconds: Int64, _ large: Int64, _ largeName: String, _ small: Int64, _ smallName: String
    ) -> String {
        let rest = seconds % large / small
        return "\(seconds / large) \(largeName)" + (rest == 0 ? "" : " \(rest) \(smallName)")
    }
}
