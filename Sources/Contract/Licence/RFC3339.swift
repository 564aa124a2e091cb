/// Times as text, for example `2024-01-15T00:00:00Z`.
enum RFC3339 {
    /// Go's "no time": year 1, in seconds since 1970.
    static let goZeroTime: Int64 = -62_135_596_800

    /// Seconds since 1970, fractions cut off; nil when the text is not such a time.
    static func seconds(_ text: String) -> Int64? {
        var rest = Array(text.utf8)[...]
        guard let year = number(&rest, digits: 4), take("-", &rest),
            let month = number(&rest, digits: 2), take("-", &rest),
            let day = number(&rest, digits: 2), take("T", &rest),
            let hour = number(&rest, digits: 2), take(":", &rest),
            let minute = number(&rest, digits: 2), take(":", &rest),
            let second = number(&rest, digits: 2),
            (1...12).contains(month), (1...days(in: month, of: year)).contains(day),
            hour < 24, minute < 60, second < 60,
            skipFraction(&rest), let shift = offset(&rest), rest.isEmpty
        else { return nil }
        return ((daysSince1970(year, month, day) * 24 + hour) * 60 + minute) * 60 + second - shift
    }

    /// Seconds east of Greenwich.
    private static func offset(_ rest: inout ArraySlice<UInt8>) -> Int64? {
        if take("Z", &rest) { return 0 }
        let isEast = take("+", &rest)
        guard isEast || take("-", &rest),
            let hours = number(&rest, digits: 2), take(":", &rest), let minutes = number(&rest, digits: 2),
            hours < 24, minutes < 60
        else { return nil }
        let seconds = (hours * 60 + minutes) * 60
        return isEast ? seconds : -seconds
    }

    private static func skipFraction(_ rest: inout ArraySlice<UInt8>) -> Bool {
        guard take(".", &rest) else { return true }
        let fraction = rest.prefix { isDigit($0) }
        rest = rest.dropFirst(fraction.count)
        return !fraction.isEmpty
    }

    private static func number(_ rest: inout ArraySlice<UInt8>, digits: Int) -> Int64? {
        let characters = rest.prefix(digits)
        guard characters.count == digits, characters.allSatisfy(isDigit) else { return nil }
        rest = rest.dropFirst(digits)
        return characters.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
    }

    private static func take(_ character: Unicode.Scalar, _ rest: inout ArraySlice<UInt8>) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest = rest.dropFirst()
        return true
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func days(in month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func isLeap(_ year: Int64) -> Bool {
        year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
    }

    private static func daysSince1970(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        // Years that begin in March, so that the leap day is the last one of a year.
        let shifted = month > 2 ? year : year - 1
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}
