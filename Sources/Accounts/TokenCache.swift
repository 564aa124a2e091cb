internal import Secrets

/// What is known about tokens, by their digests. A pure value: the caller guards it and tells the time.
struct TokenCache: Sendable {
    /// What is known about one token.
    enum Finding: Sendable, Equatable {
        /// Verified a moment ago.
        case verified(VerifiedToken)
        /// Verified some time ago; the account service could not be asked a moment ago.
        case grace(VerifiedToken)
        /// Refused a moment ago.
        case refused(TokenProblem)
        /// The account service has to be asked.
        case unknown
    }

    /// One point in time on both clocks.
    struct Moment: Sendable {
        var wall: Int64
        var monotonic: Int64
    }

    private struct Verified {
        let token: VerifiedToken
        /// Monotonic.
        let freshUntil: Int64
        /// By the wall clock; .max where the token has no end.
        let expiresAt: Int64
        /// Monotonic.
        var askAgainAt: Int64
    }

    private let limits: AccountsLimits
    private let grace: Int64
    private var verified: ExpiringTable<SecretDigest, Verified>
    private var refused: ExpiringTable<SecretDigest, TokenProblem>

    /// - Parameter grace: how long after its last verification a token is accepted while the account service can not be
    ///   asked, in nanoseconds.
    init(limits: AccountsLimits, grace: Int64) {
        self.limits = limits
        self.grace = grace
        verified = ExpiringTable(limit: limits.rememberedTokens)
        refused = ExpiringTable(limit: limits.rememberedRefusals)
    }

    /// Entries of both kinds.
    var count: Int { verified.count + refused.count }

    func find(_ digest: SecretDigest, at moment: Moment) -> Finding {
        if let problem = refused.value(for: digest, now: moment.monotonic) { return .refused(problem) }
        guard let entry = entry(digest, at: moment) else { return .unknown }
        if moment.monotonic < entry.freshUntil { return .verified(entry.token) }
        return moment.monotonic < entry.askAgainAt ? .grace(entry.token) : .unknown
    }

    /// The account service has vouched for the token.
    mutating func verify(_ digest: SecretDigest, _ token: VerifiedToken, expiresAt: Int64?, at moment: Moment) {
        refused.remove(digest)
        // Both clocks count: the wall clock may be set back later, and then it would prolong the token's life.
        let (rest, overflow) = (expiresAt ?? .max).subtractingReportingOverflow(moment.wall)
        let life = overflow || expiresAt == nil ? Int64.max : rest
        let freshUntil = moment.monotonic + min(limits.answerLifetime, life)
        let end = moment.monotonic + min(max(grace, limits.answerLifetime), life)
        verified.insert(
            Verified(token: token, freshUntil: freshUntil, expiresAt: expiresAt ?? .max, askAgainAt: .min),
            for: digest, end: end, now: moment.monotonic)
    }

    /// The account service does not accept the token, or it does not allow enough.
    mutating func refuse(_ digest: SecretDigest, _ problem: TokenProblem, at moment: Moment) {
        verified.remove(digest)
        refused.insert(
            problem, for: digest, end: moment.monotonic + limits.refusalLifetime, now: moment.monotonic)
    }

    /// The account service could not be asked: the token as it was verified last, where that counts still.
    mutating func fallBack(_ digest: SecretDigest, at moment: Moment) -> VerifiedToken? {
        guard grace > 0, let entry = entry(digest, at: moment) else { return nil }
        let askAgainAt = moment.monotonic + limits.askAgainInterval
        verified.update(digest) { $0.askAgainAt = askAgainAt }
        return entry.token
    }

    private func entry(_ digest: SecretDigest, at moment: Moment) -> Verified? {
        guard let entry = verified.value(for: digest, now: moment.monotonic), moment.wall < entry.expiresAt else {
            return nil
        }
        return entry
    }
}
