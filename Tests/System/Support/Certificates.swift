internal import Foundation
internal import Testing

/// Certificates of one test, made with openssl: an authority's, the server's, and a client's with its key behind it.
struct Certificates {
    static let isMissing = Comment("openssl is not installed")

    /// The authority's certificate, which clients trust.
    let authority: String
    let server: String
    let serverKey: String
    /// Certificate and key in one file.
    let client: String

    /// Makes them in the workspace's directory.
    /// - Parameter name: begins the files' names.
    init(_ name: String, in workspace: Workspace) async throws {
        let base = "\(workspace.directory)/\(name)"
        (authority, server) = ("\(base)-authority.pem", "\(base)-server.pem")
        (serverKey, client) = ("\(base)-server.key", "\(base)-client.pem")
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
        let ca = ["-CA", authority, "-CAkey", "\(base)-authority.key"]
        try await Self.openssl(
            ["req", "-x509"] + key + ["-subj", "/CN=authority", "-keyout", "\(base)-authority.key", "-out", authority],
            workspace)
        try await Self.openssl(
            ["req", "-x509"] + key + ca + [
                "-subj", "/CN=server", "-addext", "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=CA:FALSE",
                "-keyout", serverKey, "-out", server,
            ], workspace)
        try await Self.openssl(
            ["req", "-x509"] + key + ca + [
                "-subj", "/CN=client", "-addext", "basicConstraints=CA:FALSE", "-keyout", "\(base)-client.key", "-out",
                client,
            ], workspace)
        try Self.append("\(base)-client.key", to: client)
    }

    private static func openssl(_ arguments: [String], _ workspace: Workspace) async throws {
        let result = try await Tool.run("openssl", arguments, in: workspace)
        guard result.code == 0 else { throw HarnessError("openssl \(arguments.joined(separator: " ")) failed") }
    }

    private static func append(_ source: String, to target: String) throws {
        let whole =
            try String(contentsOfFile: target, encoding: .utf8) + String(contentsOfFile: source, encoding: .utf8)
        try whole.write(toFile: target, atomically: true, encoding: .utf8)
    }
}
