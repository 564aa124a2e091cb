import Testing
import Transfer

@testable import Accounts

@Suite struct AccountURLTests {
    @Test(arguments: [
        ("https://accounts.test", "https://accounts.test"),
        ("https://accounts.test/", "https://accounts.test"),
        ("https://accounts.test:8443/base//", "https://accounts.test:8443/base"),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
        ("http://localhost:1", "http://localhost:1"),
        ("http://127.0.0.1:65535/x", "http://127.0.0.1:65535/x"),
        ("http://127.9.9.9", "http://127.9.9.9"),
        ("http://[::1]", "http://[::1]"),
    ])
    func addressesAreTaken(_ text: String, _ expected: String) throws {
        let url = try AccountURL(text, allowInsecure: false)
        #expect(url.text == expected)
        #expect(url.securityForGRPC == (text.hasPrefix("https") ? .tls : .plaintextHTTP2))
        #expect(url.security == (text.hasPrefix("https") ? .tls : .plaintextHTTP1))
    }

    @Test(arguments: [
        "", "accounts.test", "ftp://accounts.test", "HTTPS://accounts.test", "https://", "https:///path",
        "https://:443", "https://a:0", "https://a:65536", "https://a:b", "https://a:", "https://a:+1", "https://[::1",
        "https://[]", "https://a b", "https://a\n", "https://a?x=1", "https://a/#x", "https://ä.test",
        "https://user:password@a", "https://password@a", "https://a\\@b",
    ])
    func othersAreNot(_ text: String) {
        let problem = #expect(throws: AccountURL.Problem.self) { try AccountURL(text, allowInsecure: true) }
        #expect(problem?.message.contains("password@") == false)
    }

    @Test(arguments: [
        "http://accounts.test", "http://127.0.0.1.evil.test", "http://localhost.evil.test", "http://127.1",
        "http://127.0.0.256", "http://128.0.0.1", "http://0.0.0.0", "http://[::2]", "http://127.0.0.1@evil.test",
    ])
    func plainTextIsForThisMachineOnly(_ text: String) throws {
        #expect(throws: AccountURL.Problem.self) { try AccountURL(text, allowInsecure: false) }
        guard !text.contains("@") else { return }
        #expect(try AccountURL(text, allowInsecure: true).isPlaintext)
    }
}
