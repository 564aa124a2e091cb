/// What the account service says about a token.
struct Introspection: Sendable, Hashable {
    /// Whether the token may be used.
    var isActive: Bool
    /// What it allows.
    var scopes: [String] = []
    /// Whom it was given to.
    var clientID = ""
    /// When it ends, in nanoseconds since 1970; nil when the account service does not say.
    var expiresAt: Int64?

    /// Seconds and nanoseconds as one number; what does not fit is the nearest that does.
    static func nanoseconds(seconds: Int64, nanoseconds: Int64) -> Int64 {
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        let (sum, sumOverflow) = product.addingReportingOverflow(nanoseconds)
        return sumOverflow ? (seconds < 0 ? .min : .max) : sum
    }

    /// The same for a number with a fraction.
    static func nanoseconds(seconds: Double) -> Int64 {
        Int64(exactly: (seconds * 1e9).rounded(.down)) ?? (seconds < 0 ? .min : .max)
    }
}
