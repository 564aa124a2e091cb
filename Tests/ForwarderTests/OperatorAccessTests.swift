import Runtime
import Secrets
import Testing

@testable import Forwarder

@Suite struct OperatorAccessTests {
    private func read(_ environment: [String: String]) -> (access: OperatorAccess, problems: String) {
        var reader = ConfigurationReader(environment: environment)
        let access = OperatorAccess(&reader)
        return (access, reader.problems.map { "\($0)" }.joined(separator: "\n"))
    }

    @Test func withoutSettingsNobodyLooksOrActs() {
        let (access, problems) = read([:])
        #expect(access.diagnosticsSecret == nil && access.adminToken() == nil && problems.isEmpty)
        #expect(read(["DIAGNOSTICS_SECRET": ""]).access.diagnosticsSecret == nil)
    }

    @Test func theTokenIsReadAgainWhenItsFileChanges() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/token"
        try directory.write("the-first-admin-token\n", to: "token")
        let (access, problems) = read(["GATEWAY_ADMIN_TOKEN_FILE": path])
        #expect(problems.isEmpty, "\(problems)")
        #expect(access.adminToken()?.value == "the-first-admin-token")
        try directory.write("another-admin-token", to: "token")
        #expect(access.adminToken()?.value == "another-admin-token")
        try directory.write("", to: "token")
        #expect(access.adminToken() == nil, "nobody acts with an empty token")
    }

    @Test(arguments: [
        (["GATEWAY_ADMIN_TOKEN": "short"], "less than 16 characters"),
        (["GATEWAY_ADMIN_TOKEN": "0123456789abcdef", "DIAGNOSTICS_SECRET": "0123456789abcdef"], "is the same as"),
        (["GATEWAY_ADMIN_TOKEN": "0123456789abcdef", "GATEWAY_ADMIN_TOKEN_FILE": "/nowhere"], "set one of them"),
        (["GATEWAY_ADMIN_TOKEN_FILE": "/nowhere/token"], "/nowhere/token"),
    ]) func badTokensAreRefusedAtTheStart(environment: [String: String], problem: String) {
        let problems = read(environment).problems
        #expect(problems.contains(problem), "\(problems)")
        #expect(!problems.contains("0123456789abcdef"), "no secret in a problem")
    }
}
