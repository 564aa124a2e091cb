internal import Glibc

/// Names of delivery files: they sort by time and never repeat, across restarts too.
struct DeliveryFileName {
    static let prefix = "events-"
    /// At the end of a file that still grows, behind the suffix that it will keep.
    static let partSuffix = ".part"

    /// At the end of a finished file.
    static func finishedSuffix(_ compression: Compression) -> String {
        switch compression {
        case .none: ".ndjson"
        case .gzip: ".ndjson.gz"
        }
    }

    /// How the file of this name is compressed; nil when it is not the name of a file that still grows.
    static func compression(ofPart name: String) -> Compression? {
        guard name.hasPrefix(prefix) else { return nil }
        return Compression.allCases.first { name.hasSuffix(finishedSuffix($0) + partSuffix) }
    }

    private var lastNanoseconds: Int64 = 0
    private var sequence: UInt64 = 0

    /// The next name without suffix: `events-<UTC yyyymmddThhmmss.nnnnnnnnn>-<pid>-<sequence>`.
    mutating func next(at nanoseconds: Int64) -> String {
        // A wall clock set back must not bring a later file in front of an earlier one.
        lastNanoseconds = max(nanoseconds, lastNanoseconds + 1)
        sequence += 1
        var seconds = time_t(lastNanoseconds / 1_000_000_000)
        var fields = tm()
        gmtime_r(&seconds, &fields)
        let date = Self.digits(Int(fields.tm_year) + 1900, 4) + Self.digits(Int(fields.tm_mon) + 1, 2)
        let day = date + Self.digits(Int(fields.tm_mday), 2)
        let time =
            Self.digits(Int(fields.tm_hour), 2) + Self.digits(Int(fields.tm_min), 2)
            + Self.digits(Int(fields.tm_sec), 2)
        let fraction = Self.digits(Int(lastNanoseconds % 1_000_000_000), 9)
        return "\(Self.prefix)\(day)T\(time).\(fraction)-\(getpid())-\(Self.digits(Int(sequence), 6))"
    }

    private static func digits(_ value: Int, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
    }
}
