internal import Metrics
internal import Runtime

/// What the token check counts. All series are there from the start, at zero.
struct TokenMetrics: Sendable {
    /// How a token was accepted.
    enum Acceptance: String, Sendable, CaseIterable {
        /// The account service was asked.
        case verified
        /// It was asked less than half a minute ago.
        case cached
        /// It could not be asked, but a few minutes ago.
        case grace
    }

    private static let checks = "gateway_token_checks_total"
    private static let seconds = "gateway_token_introspection_seconds"
    private static let problems: [TokenProblem] = [
        .headerMissing, .typeMissing, .typeInvalid(""), .unverifiable, .cancelled, .inactive, .scopeMissing,
    ]

    private let counters: [String: Counter]
    private let introspection: Timer

    init(factory: any MetricsFactory) {
        MetricDescriptions.shared.describe(
            Self.checks, help: "Tokens of managed services that were checked, by result.")
        MetricDescriptions.shared.describe(
            Self.seconds, help: "Time that asking the account service about a token took.")
        let results = Acceptance.allCases.map(\.rawValue) + Self.problems.map(\.reason)
        counters = Dictionary(
            uniqueKeysWithValues: results.map { result in
                (result, Counter(label: Self.checks, dimensions: [("result", result)], factory: factory))
            })
        introspection = Timer(label: Self.seconds, factory: factory)
    }

    func accepted(_ acceptance: Acceptance) {
        counters[acceptance.rawValue]?.increment()
    }

    func refused(_ problem: TokenProblem) {
        counters[problem.reason]?.increment()
    }

    func asked(nanoseconds: Int64) {
        introspection.recordNanoseconds(nanoseconds)
    }
}
