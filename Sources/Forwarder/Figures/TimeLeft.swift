/// How long something takes at the rates of now.
package enum TimeLeft: Sendable, Hashable {
    /// It is there already.
    case now
    /// In so many seconds.
    case seconds(Double)
    /// Not at these rates.
    case never
    /// The rates are not known yet.
    case unknown

    /// Farther ahead nobody believes it: a hundred years.
    private static let longest = 100.0 * 365 * 86_400

    /// - Parameters:
    ///   - amount: what is left.
    ///   - rate: how much of it goes a second.
    package init(amount: Double, rate: Double?) {
        guard amount > 0 else {
            self = .now
            return
        }
        guard let rate else {
            self = .unknown
            return
        }
        let seconds = amount / rate
        self = rate > 0 && seconds < Self.longest ? .seconds(seconds) : .never
    }

    /// For metrics: infinite for never, not a number for unknown.
    package var secondsOrInfinity: Double {
        switch self {
        case .now: 0
        case .seconds(let seconds): seconds
        case .never: .infinity
        case .unknown: .nan
        }
    }
}
