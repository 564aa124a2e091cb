import CoreMetrics
import Logging
import Runtime
import Secrets
import TestSupport
import Transfer

@testable import Accounts

/// A verifier with everything around it under the test's control.
struct Checking: Sendable {
    static let token = "sgp_token-8c9d0e1f"

    let accounts = FakeAccounts()
    let time = TestClock()
    let logs = Recorder<String>()
    let metrics = PrometheusRegistry()
    let verifier: TokenVerifier

    init(
        method: IntrospectionMethod = .sams, grace: Duration = .seconds(300), limits: AccountsLimits = AccountsLimits()
    ) throws {
        verifier = TokenVerifier(
            configuration: try Self.configuration(method, grace: grace), exchange: accounts.exchange,
            clock: time.clock, limits: limits, logger: LogCollector.logger(logs), metrics: metrics)
    }

    static func configuration(_ method: IntrospectionMethod, grace: Duration) throws -> AccountsConfiguration {
        let url = try AccountURL("https://accounts.test", allowInsecure: false)
        return AccountsConfiguration(
            credentials: ClientCredentials(id: "gateway", secret: Secret(FakeAccounts.clientSecret)),
            introspection: method == .sams
                ? .sams(apiURL: url, tokenURL: url.appending("/oauth/token"))
                : .rfc7662(url.appending("/introspect")),
            grace: grace)
    }

    /// What becomes of a call with this token.
    func check(_ token: String = token) async -> Result<VerifiedToken, TokenProblem> {
        await check(headers: ["Bearer \(token)"])
    }

    func check(headers: [String]) async -> Result<VerifiedToken, TokenProblem> {
        do throws(TokenProblem) {
            return .success(try await verifier.verify(authorization: headers))
        } catch {
            return .failure(error)
        }
    }

    /// Returns when so many calls wait for an answer about the token.
    func untilWaiting(_ count: Int, for token: String = token) async {
        while verifier.waiters(for: Secret(token)) != count { await Task.yield() }
    }

    /// Calls counted under a result.
    func counted(_ result: String) -> Int {
        let start = "gateway_token_checks_total{result=\"\(result)\"} "
        let line = metrics.exposition().split(separator: "\n").first { $0.hasPrefix(start) }
        return line.flatMap { Int($0.dropFirst(start.count)) } ?? -1
    }

    var questions: Int { accounts.questions.values.count }

    var tokenRequests: Int { accounts.tokenRequests.values.count }
}

extension Result where Success == VerifiedToken, Failure == TokenProblem {
    var problem: TokenProblem? {
        guard case .failure(let problem) = self else { return nil }
        return problem
    }

    var clientID: String? { (try? get())?.clientID }
}
