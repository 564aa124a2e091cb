import Secrets
import SwiftProtobuf
import TestSupport
import Testing
import Transfer

@testable import Accounts

/// The table in section 1.5 of the reference, row by row, as far as a request's header and the account service's answer
/// decide.
@Suite(.timeLimit(.minutes(1))) struct TokenProblemTests {
    @Test(
        arguments: [
            ([], .headerMissing, "no token header value"),
            ([""], .headerMissing, "no token header value"),
            (["Bearer a", "Bearer a"], .headerMissing, "no token header value"),
            (["Bearer a", ""], .headerMissing, "no token header value"),
            (["bearer"], .typeMissing, "invalid token header: token type missing in Authorization header"),
            (["sgp_0123"], .typeMissing, "invalid token header: token type missing in Authorization header"),
            (
                ["Basic abc"], .typeInvalid("Basic"),
                "invalid token header: invalid token type Basic in Authorization header"
            ),
            (["X y"], .typeInvalid("X"), "invalid token header: invalid token type X in Authorization header"),
            ([" x"], .typeInvalid(""), "invalid token header: invalid token type  in Authorization header"),
            // A token in the wrong place is not repeated.
            (
                ["sgp_0123 Bearer"], .typeInvalid("(not shown)"),
                "invalid token header: invalid token type (not shown) in Authorization header"
            ),
            (
                ["abcdefghijklmnopq x"], .typeInvalid("(not shown)"),
                "invalid token header: invalid token type (not shown) in Authorization header"
            ),
            // The old service asked about the empty token; nobody can say yes to that.
            (["Bearer "], .inactive, "permission denied"),
            (["Bearer " + String(repeating: "x", count: 8193)], .inactive, "permission denied"),
        ] as [([String], TokenProblem, String)])
    func headersAreRefusedWithoutAsking(_ values: [String], _ problem: TokenProblem, _ message: String) async throws {
        let checking = try Checking()
        #expect(await checking.check(headers: values).problem == problem)
        #expect(problem.message == message)
        #expect(checking.counted(problem.reason) == 1)
        #expect(checking.questions == 0)
        #expect(checking.tokenRequests == 0)
    }

    @Test(arguments: ["Bearer", "bearer", "BEARER", "bEaReR"])
    func theTypeIsBearerInAnyCase(_ type: String) async throws {
        let checking = try Checking()
        #expect(await checking.check(headers: ["\(type) abc"]).clientID == "client-1")
        #expect(checking.counted("verified") == 1)
    }

    @Test func everythingBehindTheFirstSpaceIsTheToken() throws {
        #expect(try BearerHeader.token(in: ["Bearer  a b "]).value == " a b ")
    }

    @Test(
        arguments: [
            (.unreachable, .unverifiable, "unable to validate token"),
            (.status(13, "internal"), .unverifiable, "unable to validate token"),
            (.status(7, "the gateway may not ask"), .unverifiable, "unable to validate token"),
            (.http(502, []), .unverifiable, "unable to validate token"),
            (.inactive, .inactive, "permission denied"),
            (.active([]), .scopeMissing, "permission denied"),
            (.active(["foo", "bar"]), .scopeMissing, "permission denied"),
            (.active(["telemetry_gateway::events::read"]), .scopeMissing, "permission denied"),
        ] as [(FakeAccounts.Answer, TokenProblem, String)])
    func answersDecide(_ answer: FakeAccounts.Answer, _ problem: TokenProblem, _ message: String) async throws {
        let checking = try Checking()
        checking.accounts.introspection.value = answer
        #expect(await checking.check().problem == problem)
        #expect(problem.message == message)
        #expect(checking.counted(problem.reason) == 1)
        #expect(checking.questions == 1)
    }

    @Test func cancellationHasATextOfItsOwn() {
        #expect(TokenProblem.cancelled.message == "request canceled")
    }

    @Test func anInactiveTokenIsInactiveWhateverItsScopes() async throws {
        let checking = try Checking()
        checking.accounts.introspection.value = .introspected(
            .with { $0.scopes = ["telemetry_gateway::events::write"] })
        #expect(await checking.check().problem == .inactive)
    }
}
