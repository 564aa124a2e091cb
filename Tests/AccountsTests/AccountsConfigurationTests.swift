import Runtime
import Secrets
import Testing
import Transfer

@testable import Accounts

@Suite struct AccountsConfigurationTests {
    private static let credentials = [
        "TELEMETRY_GATEWAY_SAMS_CLIENT_ID": "gateway", "TELEMETRY_GATEWAY_SAMS_CLIENT_SECRET": "s3cr3t-value",
    ]

    private static func read(
        _ environment: [String: String]
    ) -> (configuration: AccountsConfiguration?, result: Result<EffectiveConfiguration, ConfigurationError>) {
        var reader = ConfigurationReader(environment: environment)
        let configuration = AccountsConfiguration(&reader)
        return (configuration, Result { () throws(ConfigurationError) in try reader.finish() })
    }

    @Test func everyKeyIsKnownToTheWholeProject() {
        var reader = ConfigurationReader(environment: [:])
        _ = AccountsConfiguration(&reader)
        let names = Set(reader.keys.map(\.name))
        #expect(names.subtracting(KnownKeys.ingest).isEmpty)
        #expect(names.isDisjoint(with: KnownKeys.reserved))
    }

    @Test func withoutCredentialsThereIsNoTokenCheck() throws {
        let (configuration, result) = Self.read([:])
        _ = try result.get()
        #expect(configuration == nil)
    }

    @Test func credentialsAreEnough() throws {
        let (configuration, result) = Self.read(Self.credentials)
        let effective = try result.get()
        let found = try #require(configuration)
        let url = try AccountURL("https://accounts.sourcegraph.com", allowInsecure: false)
        #expect(found.introspection == .sams(apiURL: url, tokenURL: url.appending("/oauth/token")))
        #expect(found.grace == .seconds(300))
        #expect(found.credentials.id == "gateway")
        #expect(found.credentials.secret.value == "s3cr3t-value")
        #expect(!effective.lines.joined().contains("s3cr3t-value"))
        #expect(effective.lines.contains { $0.contains("SAMS_CLIENT_SECRET=<redacted>") })
    }

    @Test func theAddressForQuestionsMayDiffer() throws {
        let (configuration, result) = Self.read(
            Self.credentials.merging([
                "SAMS_URL": "https://login.test/", "TELEMETRY_GATEWAY_SAMS_SERVER_URL": "http://127.0.0.1:9000",
                "GATEWAY_TOKEN_GRACE": "10s",
            ]) { $1 })
        _ = try result.get()
        #expect(
            configuration?.introspection
                == .sams(
                    apiURL: try AccountURL("http://127.0.0.1:9000", allowInsecure: false),
                    tokenURL: try AccountURL("https://login.test/oauth/token", allowInsecure: false)))
        #expect(configuration?.grace == .seconds(10))
    }

    @Test func anotherWayOfAskingCanBeChosen() throws {
        let (configuration, result) = Self.read(
            Self.credentials.merging([
                "GATEWAY_TOKEN_INTROSPECTION": "rfc7662",
                "GATEWAY_TOKEN_INTROSPECTION_URL": "http://login.test/introspect",
                "GATEWAY_ALLOW_INSECURE_ACCOUNT_SERVICE": "true",
            ]) { $1 })
        _ = try result.get()
        let url = try AccountURL("http://login.test/introspect", allowInsecure: true)
        #expect(configuration?.introspection == .rfc7662(url))
    }

    @Test(arguments: [
        (["TELEMETRY_GATEWAY_SAMS_CLIENT_ID": "x"], "TELEMETRY_GATEWAY_SAMS_CLIENT_SECRET: is not set"),
        (["TELEMETRY_GATEWAY_SAMS_CLIENT_SECRET": "x"], "TELEMETRY_GATEWAY_SAMS_CLIENT_ID: is not set"),
        (["SAMS_URL": "http://login.test"], "SAMS_URL: sends tokens unencrypted"),
        (["SAMS_URL": "https://me:hunter2@login.test"], "SAMS_URL: has a user name or password in it"),
        (["TELEMETRY_GATEWAY_SAMS_SERVER_URL": "login"], "TELEMETRY_GATEWAY_SAMS_SERVER_URL: is not an https:// URL"),
        (["GATEWAY_TOKEN_INTROSPECTION_URL": "https://a/b"], "GATEWAY_TOKEN_INTROSPECTION_URL: is set, but"),
        (["GATEWAY_TOKEN_INTROSPECTION": "maybe"], "GATEWAY_TOKEN_INTROSPECTION: \"maybe\""),
        (["GATEWAY_TOKEN_GRACE": "2h"], "GATEWAY_TOKEN_GRACE: \"2h\""),
    ])
    func problemsAreNamed(_ environment: [String: String], _ expected: String) {
        let (configuration, result) = Self.read(environment)
        #expect(configuration == nil)
        guard case .failure(let error) = result else {
            Issue.record("accepted")
            return
        }
        #expect("\(error)".contains(expected))
        #expect(!"\(error)".contains("hunter2"))
        #expect(error.problems.count == 1)
    }

    @Test(arguments: [
        ["GATEWAY_TOKEN_INTROSPECTION": "rfc7662"], ["GATEWAY_TOKEN_INTROSPECTION_URL": "https://a/b"],
    ])
    func theEndpointAndItsMethodGoTogether(_ environment: [String: String]) {
        let (configuration, result) = Self.read(Self.credentials.merging(environment) { $1 })
        #expect(configuration == nil || environment["GATEWAY_TOKEN_INTROSPECTION"] == nil)
        guard case .failure(let error) = result else {
            Issue.record("accepted")
            return
        }
        #expect("\(error)".contains("GATEWAY_TOKEN_INTROSPECTION_URL: is "))
    }
}
