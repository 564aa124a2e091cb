import Contract
import Forwarder
import Runtime
import Store
import Synchronization
import Testing

@testable import Console

/// Who may look, who may act, and what keeps others out.
@Suite struct ConsoleAccessTests {
    private static let data = [
        "overview", "latest", "clients", "letters", "quarantine", "letter?id=1", "acts", "diagnose?client=a",
    ]

    private func code(_ answer: OperationsResponse) -> String? {
        (try? JSONValue.read(answer.body))?["code"]?.text
    }

    @Test(arguments: data) func nothingIsShownWithoutTheSecret(path: String) async throws {
        let fixture = try ConsoleFixture()
        for headers in [[:], ["authorization": "Bearer wrong"], ["cookie": "gateway_console_10086=wrong"]] {
            let answer = await fixture.get("api/" + path, headers)
            #expect(answer.status == 401, "\(headers)")
        }
        let bearer = await fixture.get("api/" + path, ["authorization": "Bearer \(ConsoleFixture.secret)"])
        #expect(bearer.status == 200, "\(bearer.text)")
        let browser = await fixture.get("api/" + path, try await fixture.signedIn())
        #expect(browser.status == 200, "\(browser.text)")
        #expect(browser.headers["Content-Security-Policy"]?.contains("default-src 'none'") == true)
    }

    @Test func withoutASecretTheConsoleIsOff() async throws {
        let fixture = try ConsoleFixture(secret: nil)
        #expect(code(await fixture.get("api/overview")) == "console_off")
        #expect(code(await fixture.post("sign-in", #"{"secret":""}"#)) == "console_off")
        let session = try JSONValue.read(await fixture.get("api/session").body)
        #expect(session["on"]?.flag == false && session["signed_in"]?.flag == false)
        #expect(await fixture.get("").status == 200, "the page says so")
    }

    @Test func theCookieIsForThisPageOnlyAndKeepsTheSecretOut() async throws {
        let fixture = try ConsoleFixture()
        let body = #"{"secret":"\#(ConsoleFixture.secret)"}"#
        let answer = await fixture.post("sign-in", body)
        let cookie = try #require(answer.headers["Set-Cookie"])
        #expect(cookie.hasPrefix("gateway_console_10086="))
        #expect(cookie.hasSuffix("; Path=/console/; HttpOnly; SameSite=Strict"))
        #expect(!cookie.contains(ConsoleFixture.secret) && !answer.text.contains(ConsoleFixture.secret))
        let secure = await fixture.post("sign-in", body, ["x-forwarded-proto": "https"])
        #expect(secure.headers["Set-Cookie"]?.hasSuffix("; Secure") == true)
        #expect(secure.headers["Set-Cookie"] != cookie, "each session has its own")
    }

    @Test func wrongSecretsAreLimited() async throws {
        let fixture = try ConsoleFixture()
        let session = try await fixture.signedIn()
        for _ in 0..<10 {
            #expect(code(await fixture.post("sign-in", #"{"secret":"x"}"#)) == "wrong_secret")
        }
        let right = await fixture.post("sign-in", #"{"secret":"\#(ConsoleFixture.secret)"}"#)
        #expect(right.status == 429 && code(right) == "too_many_attempts")
        #expect(right.headers["Retry-After"] != nil)
        #expect(await fixture.get("api/overview", ["authorization": "Bearer x"]).status == 429)
        #expect(await fixture.get("api/overview", session).status == 200, "who is in stays in")
    }

    @Test(arguments: [
        ["origin": "http://evil.example"], ["origin": "null"], ["origin": ""], ["origin": "http://gateway"],
        ["sec-fetch-site": "cross-site"], ["sec-fetch-site": "same-site"], ["host": "evil.example"],
    ]) func anotherSitesPageCanDoNothing(headers: [String: String]) async throws {
        let fixture = try ConsoleFixture()
        let acting = try await fixture.acting()
        let secret = #"{"secret":"\#(ConsoleFixture.secret)"}"#
        #expect(code(await fixture.post("sign-in", secret, headers)) == "other_site")
        let answer = await fixture.post(
            "act", #"{"command":"resume"}"#, acting.merging(headers) { $1 })
        #expect(code(answer) == "other_site")
        #expect(fixture.commands.given.withLock { $0.isEmpty })
    }

    @Test func anActNeedsTheSessionItsProofAndTheToken() async throws {
        let fixture = try ConsoleFixture()
        let resume = #"{"command":"resume"}"#
        #expect(code(await fixture.post("act", resume)) == "sign_in")
        let bearer = ["authorization": "Bearer \(ConsoleFixture.secret)"]
        #expect(code(await fixture.post("act", resume, bearer)) == "no_proof")
        let reading = try await fixture.signedIn()
        #expect(code(await fixture.post("act", resume, reading)) == "may_not_act")
        let acting = try await fixture.acting()
        #expect(
            code(await fixture.post("act", resume, acting.merging(["x-gateway-proof": "none"]) { $1 })) == "no_proof")
        #expect(
            code(await fixture.post("act", resume, acting.merging(["content-type": "text/plain"]) { $1 })) == "invalid")
        let wrong = #"{"name":"Ann","token":"\#(ConsoleFixture.secret)"}"#
        #expect(code(await fixture.post("allow", wrong, reading)) == "wrong_token")
        #expect(fixture.commands.given.withLock { $0.isEmpty })
        #expect(await fixture.post("act", resume, acting).status == 200)
        let given = fixture.commands.given.withLock { $0 }
        #expect(given.map(\.actor) == ["Ann (console)"] && given.first?.command == .resume(destination: nil))
        #expect(await fixture.post("lock", "{}", acting).status == 200)
        #expect(code(await fixture.post("act", resume, acting)) == "may_not_act")
        #expect(await fixture.post("sign-out", "{}", acting).headers["Set-Cookie"]?.contains("Max-Age=0") == true)
        #expect(await fixture.get("api/overview", acting).status == 401)
    }

    @Test func theRightToActComesWithANewCookie() async throws {
        let fixture = try ConsoleFixture()
        let reading = try await fixture.signedIn()
        let allowed = await fixture.post("allow", #"{"name":" Ann  Lee ","token":"\#(ConsoleFixture.token)"}"#, reading)
        #expect(try JSONValue.read(allowed.body)["actor"]?.text == "Ann Lee")
        #expect(await fixture.get("api/overview", reading).status == 401)
    }

    @Test(arguments: ["", "  ", String(repeating: "x", count: 65), "a\\u0007b"])
    func aNameIsNeeded(name: String) async throws {
        let fixture = try ConsoleFixture()
        let body = #"{"name":"\#(name)","token":"\#(ConsoleFixture.token)"}"#
        #expect(code(await fixture.post("allow", body, try await fixture.signedIn())) == "invalid")
    }

    @Test func withoutATokenNobodyActs() async throws {
        let fixture = try ConsoleFixture(token: nil)
        let reading = try await fixture.signedIn()
        #expect(code(await fixture.post("allow", #"{"name":"Ann","token":""}"#, reading)) == "acting_off")
        #expect(code(await fixture.post("act", #"{"command":"resume"}"#, reading)) == "acting_off")
        let session = try JSONValue.read(await fixture.get("api/session", reading).body)
        #expect(session["signed_in"]?.flag == true && session["acting_allowed"]?.flag == false)
    }

    @Test func onlyTheConsolesCommandsAreTaken() async throws {
        let fixture = try ConsoleFixture()
        let acting = try await fixture.acting()
        for body in [
            #"{"command":"drain","arguments":{"then_exit":true}}"#, #"{"command":7}"#, "[]", "{", "",
            #"{"command":"purge_dead_letters","arguments":{"filter":{}}}"#,
            #"{"command":"replay_dead_letters","arguments":{"filter":{"state":"unheard of"}}}"#,
        ] {
            let answer = await fixture.post("act", body, acting)
            #expect(answer.status == 400, "\(body): \(answer.text)")
        }
        #expect(fixture.commands.given.withLock { $0.isEmpty })
        let unknown = await fixture.post("act", #"{"command":"resume","arguments":{"destination":"nowhere"}}"#, acting)
        #expect(unknown.status == 400 && code(unknown) == "unknown_destination")
        let purge = #"{"command":"purge_dead_letters","arguments":{"filter":{"ids":["17"]},"dry_run":true}}"#
        let dry = await fixture.post("act", purge, acting)
        #expect(dry.status == 200 && dry.text.contains(#""events":3"#))
        var filter = DeadLetterFilter()
        filter.ids = [.letter(17)]
        #expect(
            fixture.commands.given.withLock { $0.last?.command } == .purgeDeadLetters(filter, isDryRun: true))
    }

    @Test func aLongBodyIsRefused() async throws {
        let fixture = try ConsoleFixture()
        let body = #"{"secret":"\#(String(repeating: "x", count: 70_000))"}"#
        #expect(await fixture.post("sign-in", body).status == 413)
    }

    @Test func everyFileOfThePageIsServedWithThePolicy() async throws {
        let fixture = try ConsoleFixture()
        for file in PageFile.all {
            let answer = await fixture.get(file.name)
            #expect(answer.status == 200 && !answer.body.isEmpty && answer.contentType == file.contentType)
            let policy = try #require(answer.headers["Content-Security-Policy"])
            #expect(policy.contains("default-src 'none'") && !policy.contains("unsafe"))
            #expect(answer.headers["X-Content-Type-Options"] == "nosniff")
            // Whoever has this page open must not be sent elsewhere, and nothing is fetched from elsewhere.
            #expect(!answer.text.replacing("http://www.w3.org/2000/svg", with: "").contains("://"), "\(file.name)")
        }
        let root = await fixture.endpoints.respond(to: OperationsRequest(method: "GET", path: "/"))
        #expect(root.status == 307 && root.headers["Location"] == "/console/")
    }

    @Test func whatAWorkerSaysIsShownBeforeTheFirstFigures() async throws {
        let fixture = try ConsoleFixture()
        let answer = await fixture.get("api/overview", try await fixture.signedIn())
        let json = try JSONValue.read(answer.body)
        #expect(json["figures_at"] == .null)
        let destination = try #require(json["destinations"]?.elements?.first)
        #expect(destination["name"]?.text == "d" && destination["breaker"]?.text == "closed")
        // The ledger, which there is none of yet, says who is paused.
        #expect(destination["paused"]?.flag == false && destination["pause_reason"]?.text == "")
    }

    @Test(arguments: [
        "letters?state=x", "letters?before=x", "letters?from=x", "letters?from=9223372036854775807", "letter",
        "diagnose",
        "diagnose?client=a&event=b",
    ])
    func whatIsNotUnderstoodIsRefused(path: String) async throws {
        let fixture = try ConsoleFixture()
        let answer = await fixture.get("api/" + path, try await fixture.signedIn())
        #expect(answer.status == 400 && code(answer) == "invalid", "\(answer.text)")
    }
}
