internal import Foundation
internal import Testing

/// One HTTP request made with curl.
struct Curl {
    /// The versions that the port speaks.
    enum Version: String, CaseIterable, Sendable {
        case http1 = "--http1.1"
        /// Without TLS, where nothing says beforehand what is spoken.
        case http2 = "--http2-prior-knowledge"

        /// As curl says it.
        var number: String { self == .http1 ? "1.1" : "2" }
    }

    /// What came back.
    struct Answer {
        let status: Int
        let version: String
        let contentType: String
        let body: String

        var json: JSONValue? { try? JSONValue(Data(body.utf8)) }
    }

    static let isMissing = Comment("curl is not installed")

    let workspace: Workspace
    let port: Int
    var version = Version.http1
    /// Whether with TLS; the certificates are arguments of each call.
    var isSecure = false

    /// Requests a path; further arguments are curl's.
    func callAsFunction(_ path: String, _ arguments: [String] = []) async throws -> Answer {
        let result = try await Tool.run(
            "curl",
            [
                "--silent", "--show-error", "--max-time", "60", "--noproxy", "*",
                isSecure && version == .http2 ? "--http2" : version.rawValue, "--write-out",
                "\n%{http_code} %{http_version} %{content_type}",
            ] + arguments + ["http\(isSecure ? "s" : "")://127.0.0.1:\(port)\(path)"], in: workspace)
        guard result.code == 0, let newline = result.output.lastIndex(of: "\n") else {
            throw HarnessError("curl \(version.rawValue) \(path): exit code \(result.code); \(result.output)")
        }
        let facts = result.output[newline...].dropFirst().split(separator: " ", maxSplits: 2)
        guard facts.count >= 2, let status = Int(facts[0]) else { throw HarnessError("curl said \(facts)") }
        return Answer(
            status: status, version: String(facts[1]), contentType: facts.count > 2 ? String(facts[2]) : "",
            body: String(result.output[..<newline]))
    }
}
