import Runtime
import Secrets
import TestSupport
import Testing
import Transfer

@testable import Accounts

/// Tokens and secrets are in requests only.
@Suite(.timeLimit(.minutes(1))) struct SecrecyTests {
    private static let secrets = [Checking.token, FakeAccounts.clientSecret, FakeAccounts.ownToken, "Basic Z2F0"]

    @Test(arguments: IntrospectionMethod.allCases)
    func nothingOfThemIsLoggedCountedOrSaid(_ method: IntrospectionMethod) async throws {
        let checking = try Checking(method: method)
        var texts: [String] = []
        // An account service that repeats all it was sent.
        let echo = Self.secrets.joined(separator: " ")
        let answers: [FakeAccounts.Answer] = [
            .unreachable, .status(3, echo), .status(16, echo), .http(500, Array(echo.utf8)),
            .http(200, Array(echo.utf8)), .http(401, Array(echo.utf8)), .inactive, .active([echo]),
            .active(client: String(repeating: Checking.token, count: 100)),
            .json(#"{"active":false,"x":"\#(echo)"}"#), .json(#"{"active":true,"scope":"\#(echo)"}"#), .active(),
        ]
        for answer in answers {
            checking.accounts.introspection.value = answer
            let result = await checking.check()
            texts += ["\(result)", String(reflecting: result)]
            if let problem = result.problem { texts += ["\(problem)", problem.message, problem.reason] }
            checking.time.advance(seconds: 31)
        }
        checking.accounts.ownToken.value = .json(#"{"error":"\#(echo)"}"#, status: 400)
        checking.time.advance(seconds: 2000)
        texts.append("\(await checking.check())")
        for header in ["\(Checking.token) x", "\(Checking.token)", "Basic \(Checking.token)"] {
            texts.append("\(await checking.check(headers: [header]))")
        }
        texts += checking.accounts.questions.values.map { "\($0)" }
        texts += checking.accounts.tokenRequests.values.map { "\($0)" }
        texts.append(checking.metrics.exposition())
        #expect(checking.logs.values.count > 3)
        let digest = SecretDigest(of: Secret(Checking.token)).prefix
        #expect(checking.logs.values.contains { $0.contains(digest) })
        for text in texts + checking.logs.values {
            for secret in Self.secrets { #expect(!text.contains(secret)) }
        }
    }

    @Test func aSecretShowsNothingHoweverItIsPrinted() throws {
        let configuration = try Checking.configuration(.sams, grace: .seconds(1))
        let token = Secret(Checking.token)
        var dumped = ""
        dump(configuration, to: &dumped)
        dump(token, to: &dumped)
        for text in [
            "\(configuration)", String(reflecting: configuration), "\(token)", String(reflecting: token), dumped,
        ] {
            #expect(!text.contains(FakeAccounts.clientSecret))
            #expect(!text.contains(Checking.token))
        }
    }

    @Test func repeatedFailuresAreCountedAndNotLogged() async throws {
        let checking = try Checking()
        checking.accounts.introspection.value = .unreachable
        for number in 0..<50 { _ = await checking.check("t-\(number)") }
        #expect(checking.logs.values.count == 1)
        checking.time.advance(seconds: 10)
        _ = await checking.check()
        #expect(checking.logs.values.count == 2)
        #expect(checking.logs.values.last?.contains("\"suppressed\": 49") == true)
    }
}
