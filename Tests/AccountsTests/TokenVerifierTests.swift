import Runtime
import Secrets
import SwiftProtobuf
import TestSupport
import Testing
import Transfer

@testable import Accounts

@Suite(.timeLimit(.minutes(1))) struct TokenVerifierTests {
    @Test func theQuestionIsAsTheAccountServiceExpectsIt() async throws {
        let checking = try Checking()
        let token = try await checking.verifier.verify(authorization: ["Bearer \(Checking.token)"])
        #expect(token.clientID == "client-1")
        #expect(token.scopes == ["openid", "telemetry_gateway::events::write"])
        #expect(token.digestPrefix == SecretDigest(of: Secret(Checking.token)).prefix)
        #expect(token.digestPrefix.count == SecretDigest.prefixDigits)

        let own = try #require(checking.accounts.tokenRequests.values.first)
        #expect(own.url == "https://accounts.test/oauth/token")
        #expect(own.security == .tls)
        #expect(own.body == Array("grant_type=client_credentials&scope=openid+profile+email".utf8))
        // gateway:client-secret-0a1b2c3d
        #expect(own.headers.contains(.init("authorization", "Basic Z2F0ZXdheTpjbGllbnQtc2VjcmV0LTBhMWIyYzNk")))
        #expect(own.headers.contains(.init("content-type", "application/x-www-form-urlencoded")))

        let question = try #require(checking.accounts.questions.values.first)
        #expect(question.url == "https://accounts.test/api/grpc/clients.v1.TokensService/IntrospectToken")
        #expect(question.security == .tls)
        #expect(question.headers.contains(.init("authorization", "Bearer \(FakeAccounts.ownToken)-1")))
        #expect(question.body == [0, 0, 0, 0, 20, 0x0A, 18] + Array("sgp_token-8c9d0e1f".utf8))
        #expect(question.timeout <= .seconds(10))
        #expect(question.maximumResponseBytes < 100_000)
    }

    @Test func anAnswerCountsForHalfAMinute() async throws {
        let checking = try Checking()
        #expect(await checking.check().clientID == "client-1")
        checking.time.advance(seconds: 29.9)
        #expect(await checking.check().clientID == "client-1")
        #expect(checking.questions == 1)
        checking.time.advance(seconds: 0.1)
        checking.accounts.introspection.value = .inactive
        #expect(await checking.check().problem == .inactive)
        #expect(checking.questions == 2)
        #expect(checking.counted("verified") == 1)
        #expect(checking.counted("cached") == 1)
    }

    @Test func anAnswerNeverCountsPastTheTokensEnd() async throws {
        let checking = try Checking()
        checking.accounts.introspection.value = .active(expiresAt: TestClock.start / TestClock.second + 10)
        #expect(await checking.check().clientID == "client-1")
        checking.time.advance(seconds: 9.9)
        #expect(await checking.check().clientID == "client-1")
        #expect(checking.questions == 1)
        checking.time.advance(seconds: 0.1)
        checking.accounts.introspection.value = .unreachable
        #expect(await checking.check().problem == .unverifiable)
        #expect(checking.questions == 2)
    }

    @Test func settingTheClockBackProlongsNothing() async throws {
        let checking = try Checking()
        checking.accounts.introspection.value = .active(expiresAt: TestClock.start / TestClock.second + 10)
        #expect(await checking.check().clientID == "client-1")
        checking.time.advance(seconds: 10)
        checking.time.wall.value -= 3600 * TestClock.second
        checking.accounts.introspection.value = .unreachable
        #expect(await checking.check().problem == .unverifiable)
    }

    @Test func anActiveTokenPastItsEndIsAskedAboutEachTime() async throws {
        let checking = try Checking()
        checking.accounts.introspection.value = .active(expiresAt: 0)
        #expect(await checking.check().clientID == "client-1")
        #expect(await checking.check().clientID == "client-1")
        #expect(checking.questions == 2)
        #expect(checking.verifier.rememberedTokens == 0)
    }

    @Test(
        arguments: [
            (.inactive, .inactive), (.active(["openid"]), .scopeMissing),
        ] as [(FakeAccounts.Answer, TokenProblem)])
    func refusalsAreRememberedForAShortWhile(_ answer: FakeAccounts.Answer, _ problem: TokenProblem) async throws {
        let checking = try Checking()
        checking.accounts.introspection.value = answer
        #expect(await checking.check().problem == problem)
        checking.accounts.introspection.value = .active()
        checking.time.advance(seconds: 4.9)
        #expect(await checking.check().problem == problem)
        #expect(checking.questions == 1)
        checking.time.advance(seconds: 0.1)
        #expect(await checking.check().clientID == "client-1")
        #expect(checking.counted(problem.reason) == 2)
    }

    @Test func aVerifiedTokenWorksWhileTheAccountServiceIsAway() async throws {
        let checking = try Checking()
        #expect(await checking.check().clientID == "client-1")
        checking.accounts.introspection.value = .unreachable
        checking.time.advance(seconds: 30)
        #expect(await checking.check().clientID == "client-1")
        #expect(checking.questions == 2)
        // The others do not wait for a timeout each.
        #expect(await checking.check().clientID == "client-1")
        #expect(checking.questions == 2)
        checking.time.advance(seconds: 2)
        #expect(await checking.check().clientID == "client-1")
        #expect(checking.questions == 3)
        checking.time.advance(seconds: 267.9)
        #expect(await checking.check().clientID == "client-1")
        // Five minutes after the last verification it is over, failed attempts prolong nothing.
        checking.time.advance(seconds: 0.1)
        #expect(await checking.check().problem == .unverifiable)
        #expect(checking.counted("grace") == 4)
        #expect(checking.counted("unverifiable") == 1)
        checking.accounts.introspection.value = .active()
        #expect(await checking.check().clientID == "client-1")
    }

    @Test func graceEndsWithTheToken() async throws {
        let checking = try Checking()
        checking.accounts.introspection.value = .active(expiresAt: TestClock.start / TestClock.second + 60)
        #expect(await checking.check().clientID == "client-1")
        checking.accounts.introspection.value = .unreachable
        checking.time.advance(seconds: 59)
        #expect(await checking.check().clientID == "client-1")
        checking.time.advance(seconds: 1)
        #expect(await checking.check().problem == .unverifiable)
    }

    @Test func graceIsForThoseWhoWereVerifiedOnly() async throws {
        let checking = try Checking()
        #expect(await checking.check().clientID == "client-1")
        checking.accounts.introspection.value = .unreachable
        #expect(await checking.check("another").problem == .unverifiable)
        checking.accounts.introspection.value = .inactive
        checking.time.advance(seconds: 30)
        #expect(await checking.check().problem == .inactive)
        checking.accounts.introspection.value = .unreachable
        checking.time.advance(seconds: 5)
        #expect(await checking.check().problem == .unverifiable)
    }

    @Test func graceCanBeSwitchedOff() async throws {
        let checking = try Checking(grace: .zero)
        #expect(await checking.check().clientID == "client-1")
        checking.accounts.introspection.value = .unreachable
        checking.time.advance(seconds: 29)
        #expect(await checking.check().clientID == "client-1")
        checking.time.advance(seconds: 1)
        #expect(await checking.check().problem == .unverifiable)
    }

    @Test func manyCallsWithOneTokenAskOnce() async throws {
        let checking = try Checking()
        let gate = AsyncGate()
        checking.accounts.gate.value = gate
        let clients = await withTaskGroup(of: String?.self) { group in
            for _ in 0..<100 { group.addTask { await checking.check().clientID } }
            await checking.untilWaiting(100)
            gate.open()
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(clients == Array(repeating: "client-1", count: 100))
        #expect(checking.questions == 1)
        #expect(checking.tokenRequests == 1)
    }

    @Test func whoeverIsCancelledLeavesAlone() async throws {
        let checking = try Checking()
        let gate = AsyncGate()
        checking.accounts.gate.value = gate
        async let other = checking.check()
        await checking.untilWaiting(1)
        let cancelled = await withTaskGroup(of: Result<VerifiedToken, TokenProblem>.self) { group in
            group.addTask { await checking.check() }
            await checking.untilWaiting(2)
            group.cancelAll()
            return await group.next()
        }
        #expect(cancelled?.problem == .cancelled)
        #expect(checking.counted("cancelled") == 1)
        gate.open()
        #expect(await other.clientID == "client-1")
        #expect(checking.questions == 1)
    }

    @Test func theAnswerIsKeptWhenEverybodyHasLeft() async throws {
        let checking = try Checking()
        let gate = AsyncGate()
        checking.accounts.gate.value = gate
        let cancelled = await withTaskGroup(of: Result<VerifiedToken, TokenProblem>.self) { group in
            group.addTask { await checking.check() }
            await checking.untilWaiting(1)
            group.cancelAll()
            return await group.next()
        }
        #expect(cancelled?.problem == .cancelled)
        gate.open()
        #expect(await checking.check().clientID == "client-1")
        #expect(checking.questions == 1)
    }

    @Test func tokensRememberedAreBounded() async throws {
        var limits = AccountsLimits()
        limits.rememberedTokens = 10
        limits.rememberedRefusals = 5
        let checking = try Checking(limits: limits)
        for number in 0..<20 {
            _ = await checking.check("good-\(number)")
            checking.time.advance(seconds: 0.1)
        }
        checking.accounts.introspection.value = .inactive
        for number in 0..<100 { _ = await checking.check("bad-\(number)") }
        #expect(checking.verifier.rememberedTokens == 15)
        // A flood of bad tokens has driven no good one out.
        let questions = checking.questions
        for number in 10..<20 { #expect(await checking.check("good-\(number)").clientID == "client-1") }
        #expect(checking.questions == questions)
    }

    @Test func questionsAtTheSameTimeAreBounded() async throws {
        var limits = AccountsLimits()
        limits.introspections = 2
        limits.waitingIntrospections = 1
        let checking = try Checking(limits: limits)
        #expect(await checking.check("known").clientID == "client-1")
        checking.time.advance(seconds: 31)
        let gate = AsyncGate()
        checking.accounts.gate.value = gate
        await withTaskGroup(of: String?.self) { group in
            for token in ["one", "two", "three"] { group.addTask { await checking.check(token).clientID } }
            for token in ["one", "two", "three"] { await checking.untilWaiting(1, for: token) }
            #expect(checking.questions <= 3)
            // No place to wait: refused at once, or accepted in grace.
            #expect(await checking.check("four").problem == .unverifiable)
            #expect(await checking.check("known").clientID == "client-1")
            gate.open()
            for await client in group { #expect(client == "client-1") }
        }
        #expect(checking.questions == 4)
    }

    @Test func whoeverHasWaitedTooLongForItsTurnIsTold() async throws {
        var limits = AccountsLimits()
        limits.introspections = 1
        let checking = try Checking(limits: limits)
        let gate = AsyncGate()
        checking.accounts.gate.value = gate
        async let first = checking.check("first")
        await checking.untilWaiting(1, for: "first")
        async let late = checking.check("late")
        await checking.untilWaiting(1, for: "late")
        checking.time.advance(seconds: 5.1)
        async let intime = checking.check("intime")
        await checking.untilWaiting(1, for: "intime")
        gate.open()
        #expect(await first.clientID == "client-1")
        #expect(await late.problem == .unverifiable)
        #expect(await intime.clientID == "client-1")
        #expect(checking.questions == 2)
    }

    @Test func shutdownEndsTheWaiting() async throws {
        let checking = try Checking()
        #expect(await checking.check("known").clientID == "client-1")
        await checking.verifier.shutdown()
        #expect(await checking.check().problem == .unverifiable)
        // What is known needs nobody.
        #expect(await checking.check("known").clientID == "client-1")
        await checking.verifier.shutdown()
    }

    @Test func askingIsTimed() async throws {
        let checking = try Checking()
        _ = await checking.check()
        _ = await checking.check()
        #expect(checking.metrics.exposition().contains("gateway_token_introspection_seconds_count 1\n"))
    }

    @Test func everyResultIsCountedFromTheStart() throws {
        let checking = try Checking()
        for result in [
            "verified", "cached", "grace", "header_missing", "type_missing", "type_invalid", "unverifiable",
            "cancelled", "inactive", "scope_missing",
        ] {
            #expect(checking.counted(result) == 0)
        }
    }

    @Test(
        arguments: [
            .http(200, []),
            .http(200, Array("<html>".utf8)),
            .status(0, ""),
            .active(client: String(repeating: "c", count: 256)),
            .failure(TransferError(reason: .responseTooLarge, message: "too large")),
            .failure(TransferError(reason: .tooManyTransfers, message: "too many")),
            .failure(TransferError(reason: .curl, curlCode: 28, message: "timeout")),
        ] as [FakeAccounts.Answer])
    func answersThatAreNoneAreNotBelieved(_ answer: FakeAccounts.Answer) async throws {
        let checking = try Checking()
        checking.accounts.introspection.value = answer
        #expect(await checking.check().problem == .unverifiable)
        // Failures are not remembered for tokens that nobody knows.
        checking.accounts.introspection.value = .active(client: String(repeating: "c", count: 255))
        #expect(await checking.check().clientID?.count == 255)
    }
}
