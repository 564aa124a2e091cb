package import Secrets
internal import Synchronization

/// A token that has to be fetched and lives for a while. It is kept until 80 % of its life are over; it is fetched once,
/// however many need it; and the old one is used until its end when there is no new one.
package final class TokenSource<Failure: Error>: Sendable {
    /// A token in hand.
    package struct Token: Sendable {
        /// The token itself.
        package let value: Secret
        /// Tells tokens apart.
        package let number: UInt64
    }

    /// A token as it was fetched.
    package struct Grant: Sendable {
        let value: Secret
        let lifetime: Int64

        /// - Parameter lifetime: nanoseconds, above 0.
        package init(value: Secret, lifetime: Int64) {
            self.value = value
            self.lifetime = lifetime
        }
    }

    private struct Held {
        let token: Token
        let fetchedAt: Int64
        var refreshAt: Int64
        let expiresAt: Int64
    }

    private struct State {
        var held: Held?
        var lastNumber: UInt64 = 0
        var failure: (error: Failure, until: Int64)?
    }

    private let interval: Int64
    private let monotonic: @Sendable () -> Int64
    private let stopped: Failure
    private let fetch: @Sendable () async -> Result<Grant, Failure>
    private let flight: SingleFlight<Bool, Result<Token, Failure>>
    private let state = Mutex(State())

    /// Fetches nothing yet.
    ///
    /// - Parameters:
    ///   - interval: after a failed attempt, and after a fresh token was refused, nothing is fetched for this long, in
    ///     nanoseconds.
    ///   - monotonic: nanoseconds that never go back.
    ///   - stopped: what callers get after the shutdown.
    ///   - fetch: ends by itself after a while.
    package init(
        interval: Int64, monotonic: @escaping @Sendable () -> Int64, stopped: Failure,
        fetch: @escaping @Sendable () async -> Result<Grant, Failure>
    ) {
        self.interval = interval
        self.monotonic = monotonic
        self.stopped = stopped
        self.fetch = fetch
        flight = SingleFlight(limits: .init(underWay: 1, waiting: 0, maximumWait: 0), monotonic: monotonic)
    }

    /// A token that is valid as far as is known.
    package func token() async throws(Failure) -> Token {
        if let known = known() { return try known.get() }
        switch await flight.value(for: true, { await self.refreshed() }) {
        case .value(let result): return try result.get()
        case .cancelled, .overloaded: throw stopped
        }
    }

    /// The peer does not accept the token.
    /// - Returns: false when it is so new that another one would fare no better.
    package func discard(_ token: Token) -> Bool {
        let now = monotonic()
        return state.withLock { state in
            // Somebody else was told the same, and the next token is there already.
            guard let held = state.held, held.token.number == token.number else { return true }
            guard now - held.fetchedAt >= interval else { return false }
            state.held = nil
            return true
        }
    }

    /// The next token is fetched at once, because what it is made from has changed. The old one is used as long as that
    /// fails.
    package func renew() {
        let now = monotonic()
        state.withLock { state in
            state.held?.refreshAt = now
            state.failure = nil
        }
    }

    /// Fetches nothing any more; returns when the fetch under way has ended.
    package func shutdown() async {
        await flight.shutdown()
    }

    /// A token or failure that needs no fetching.
    private func known() -> Result<Token, Failure>? {
        let now = monotonic()
        return state.withLock { state in
            if let held = state.held, now < held.refreshAt { return .success(held.token) }
            guard let failure = state.failure, now < failure.until else { return nil }
            return Self.fallBack(to: state.held, failure.error, now: now)
        }
    }

    private func refreshed() async -> Result<Token, Failure> {
        // Whoever saw the old token just before it was replaced needs no second one.
        if let known = known() { return known }
        let result = await fetch()
        let now = monotonic()
        return state.withLock { state in
            switch result {
            case .success(let grant):
                state.lastNumber += 1
                let token = Token(value: grant.value, number: state.lastNumber)
                let (expiresAt, overflow) = now.addingReportingOverflow(grant.lifetime)
                state.held = Held(
                    token: token, fetchedAt: now, refreshAt: now + (overflow ? .max - now : grant.lifetime) / 5 * 4,
                    expiresAt: overflow ? .max : expiresAt)
                state.failure = nil
                return .success(token)
            case .failure(let error):
                state.failure = (error, now + interval)
                return Self.fallBack(to: state.held, error, now: now)
            }
        }
    }

    /// The old token is good until its end, when there is no new one.
    private static func fallBack(to held: Held?, _ error: Failure, now: Int64) -> Result<Token, Failure> {
        if let held, now < held.expiresAt { return .success(held.token) }
        return .failure(error)
    }
}
