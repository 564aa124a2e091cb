import TestSupport
import Testing
import Transfer

@testable import Accounts

@Suite(.timeLimit(.minutes(1))) struct RFC7662Tests {
    private static let scope = "telemetry_gateway::events::write"

    @Test func theQuestionIsAsTheStandardSays() async throws {
        let checking = try Checking(method: .rfc7662)
        checking.accounts.introspection.value = .json(
            #"{"active":true,"scope":"openid \#(Self.scope)","client_id":"client-7","aud":["a",{"b":[]}],"exp":9e9}"#)
        let token = try await checking.verifier.verify(authorization: ["Bearer a+b c/é"])
        #expect(token.clientID == "client-7")
        #expect(token.scopes == ["openid", Self.scope])
        let question = try #require(checking.accounts.questions.values.first)
        #expect(question.url == "https://accounts.test/introspect")
        #expect(question.body == Array("token=a%2Bb+c%2F%C3%A9&token_type_hint=access_token".utf8))
        #expect(question.headers.contains(.init("authorization", "Basic Z2F0ZXdheTpjbGllbnQtc2VjcmV0LTBhMWIyYzNk")))
        #expect(checking.tokenRequests == 0)
    }

    @Test(
        arguments: [
            (#"{"active":false}"#, .inactive),
            (#"{"active":false,"scope":"\#(scope)"}"#, .inactive),
            (#"{"active":true}"#, .scopeMissing),
            (#"{"active":true,"scope":"openid,\#(scope)"}"#, .scopeMissing),
            (#"{"active":true,"scope":["\#(scope)"]}"#, .scopeMissing),
            (#"{"active":"true","scope":"\#(scope)"}"#, .unverifiable),
            (#"{"active":1,"scope":"\#(scope)"}"#, .unverifiable),
            (#"{"scope":"\#(scope)"}"#, .unverifiable),
            (#"[{"active":true,"scope":"\#(scope)"}]"#, .unverifiable),
            (#"{"active":true,"scope":"\#(scope)""#, .unverifiable),
            ("", .unverifiable),
            (String(repeating: "[", count: 30_000), .unverifiable),
            (#"{"a":"# + String(repeating: "[", count: 30_000), .unverifiable),
        ] as [(String, TokenProblem)])
    func answersAreReadStrictly(_ body: String, _ problem: TokenProblem) async throws {
        let checking = try Checking(method: .rfc7662)
        checking.accounts.introspection.value = .json(body)
        #expect(await checking.check().problem == problem)
    }

    @Test(arguments: [400, 401, 403, 404, 500, 503, 302, 204])
    func otherStatusesAreNoAnswer(_ status: Int) async throws {
        let checking = try Checking(method: .rfc7662)
        checking.accounts.introspection.value = .json(#"{"active":true,"scope":"\#(Self.scope)"}"#, status: status)
        #expect(await checking.check().problem == .unverifiable)
    }

    @Test(arguments: ["10", "10.9", #""10""#])
    func theEndOfTheTokenIsInSeconds(_ rest: String) async throws {
        let checking = try Checking(method: .rfc7662)
        checking.time.wall.value = 0
        checking.accounts.introspection.value = .json(#"{"active":true,"scope":"\#(Self.scope)","exp":\#(rest)}"#)
        #expect(await checking.check().clientID == "")
        checking.accounts.introspection.value = .unreachable
        checking.time.advance(seconds: 9.9)
        #expect(await checking.check().clientID == "")
        checking.time.advance(seconds: 1)
        #expect(await checking.check().problem == .unverifiable)
    }
}
