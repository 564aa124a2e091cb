internal import ArgumentParser
internal import Contract
internal import Runtime

/// A time as people write it: RFC 3339 (`2026-01-31T23:59:59Z`), a span before now (`2h`, `30m`, `1d`), or `now`.
package enum TimePoint: ExpressibleByArgument, Sendable, Hashable {
    /// Nanoseconds since 1970.
    case at(Int64)
    /// Nanoseconds before now.
    case ago(Int64)

    private static let nanosecondsPerSecond: Int64 = 1_000_000_000

    /// Nil for a text that is no time.
    package init?(argument: String) {
        if argument == "now" {
            self = .ago(0)
        } else if let duration = DurationText.parse(argument) {
            let (seconds, attoseconds) = duration.components
            let (whole, isTooLong) = seconds.multipliedReportingOverflow(by: Self.nanosecondsPerSecond)
            guard !isTooLong else { return nil }
            self = .ago(whole.addingReportingOverflow(attoseconds / 1_000_000_000).partialValue)
        } else {
            guard let seconds = TimestampText.seconds(argument) else { return nil }
            let (nanoseconds, isTooFar) = seconds.multipliedReportingOverflow(by: Self.nanosecondsPerSecond)
            guard !isTooFar else { return nil }
            self = .at(nanoseconds)
        }
    }

    package var defaultValueDescription: String { self == .ago(0) ? "now" : "\(self)" }

    /// The time in nanoseconds since 1970.
    package func nanoseconds(now: Int64) -> Int64 {
        switch self {
        case .at(let time): time
        case .ago(let span): now.subtractingReportingOverflow(span).overflow ? 0 : now - span
        }
    }
}
