import TestSupport
import Testing
import Transfer

@testable import Accounts

/// The gateway's own token.
@Suite(.timeLimit(.minutes(1))) struct ClientTokenTests {
    @Test func itIsKeptUntilFourFifthsOfItsLife() async throws {
        let checking = try Checking()
        _ = await checking.check("a")
        checking.time.advance(seconds: 799)
        _ = await checking.check("b")
        #expect(checking.tokenRequests == 1)
        checking.time.advance(seconds: 1)
        _ = await checking.check("c")
        #expect(checking.tokenRequests == 2)
        let used = checking.accounts.questions.values.map { question in
            question.headers.first { $0.name == "authorization" }?.value
        }
        let first = "Bearer \(FakeAccounts.ownToken)-1"
        #expect(used == [first, first, "Bearer \(FakeAccounts.ownToken)-2"])
    }

    @Test(arguments: [
        (#"{"access_token":"t"}"#, 239.0, 240.0),
        (#"{"access_token":"t","expires_in":0}"#, 239, 240),
        (#"{"access_token":"t","expires_in":-5}"#, 239, 240),
        (#"{"access_token":"t","expires_in":null}"#, 239, 240),
        (#"{"access_token":"t","expires_in":"100"}"#, 79, 80),
        (#"{"access_token":"t","expires_in":1e300,"x":[{"y":null}]}"#, 69_119, 69_120),
    ])
    func itsLifeIsReadWithCare(_ answer: String, _ fresh: Double, _ stale: Double) async throws {
        let checking = try Checking()
        checking.accounts.ownToken.value = .json(answer)
        _ = await checking.check("a")
        checking.time.advance(seconds: fresh)
        _ = await checking.check("b")
        #expect(checking.tokenRequests == 1)
        checking.time.advance(seconds: stale - fresh)
        #expect(await checking.check("c").clientID == "client-1")
        #expect(checking.tokenRequests == 2)
    }

    @Test(arguments: [
        FakeAccounts.Answer.status(16, "expired"), .http(401, []),
    ])
    func itIsFetchedAgainOnceWhenItIsRefused(_ refusal: FakeAccounts.Answer) async throws {
        let checking = try Checking()
        _ = await checking.check("a")
        checking.time.advance(seconds: 60)
        checking.accounts.introspection.value = refusal
        #expect(await checking.check("b").problem == .unverifiable)
        #expect(checking.tokenRequests == 2)
        #expect(checking.questions == 3)
        // The new one is refused, too: no storm of requests for more.
        #expect(await checking.check("c").problem == .unverifiable)
        #expect(checking.tokenRequests == 2)
        #expect(checking.questions == 4)
        checking.time.advance(seconds: 1)
        checking.accounts.introspection.value = .active()
        #expect(await checking.check("b").clientID == "client-1")
        #expect(checking.tokenRequests == 2)
    }

    @Test func otherFailuresFetchNothing() async throws {
        let checking = try Checking()
        _ = await checking.check("a")
        checking.time.advance(seconds: 60)
        checking.accounts.introspection.value = .status(14, "unavailable")
        #expect(await checking.check("b").problem == .unverifiable)
        #expect(checking.tokenRequests == 1)
        #expect(checking.questions == 2)
    }

    @Test(
        arguments: [
            .unreachable, .http(500, []), .json(#"{"error":"invalid_client"}"#, status: 401), .json("[]"), .json(""),
            .json("{"), .json("{}"), .json(#"{"access_token":""}"#), .json(#"{"access_token":7}"#),
            .json(#"{"access_token":"a\nb"}"#), .json(#"{"access_token":"ä"}"#),
        ] as [FakeAccounts.Answer])
    func withoutItNobodyCanBeAsked(_ answer: FakeAccounts.Answer) async throws {
        let checking = try Checking()
        checking.accounts.ownToken.value = answer
        #expect(await checking.check().problem == .unverifiable)
        #expect(await checking.check().problem == .unverifiable)
        // The failure counts for a second.
        #expect(checking.tokenRequests == 1)
        #expect(checking.questions == 0)
        checking.accounts.ownToken.value = .json(#"{"access_token":"t","expires_in":100}"#)
        checking.time.advance(seconds: 1)
        #expect(await checking.check().clientID == "client-1")
    }

    @Test func theOldOneIsGoodUntilItsEndWhenThereIsNoNewOne() async throws {
        let checking = try Checking()
        _ = await checking.check("a")
        checking.accounts.ownToken.value = .unreachable
        checking.time.advance(seconds: 999)
        #expect(await checking.check("b").clientID == "client-1")
        #expect(checking.tokenRequests == 2)
        checking.time.advance(seconds: 1)
        #expect(await checking.check("c").problem == .unverifiable)
    }
}
