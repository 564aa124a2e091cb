import Foundation
import Listening

/// Makes certificates with openssl at test time.
struct Certificates {
    let directory: URL

    func path(_ name: String) -> String { directory.appending(path: name).path }

    /// An authority: `NAME.pem`, `NAME.key`.
    func makeAuthority(_ name: String) async throws {
        try await openssl(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
            "-subj", "/CN=\(name)", "-keyout", path("\(name).key"), "-out", path("\(name).pem"))
    }

    /// A certificate for localhost, signed by an authority: `NAME.pem`, `NAME.key`.
    func make(_ name: String, authority: String) async throws {
        let extensions = path("\(name).ext")
        try "subjectAltName=DNS:localhost,IP:127.0.0.1".write(toFile: extensions, atomically: true, encoding: .utf8)
        try await openssl(
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=\(name)",
            "-keyout", path("\(name).key"), "-out", path("\(name).csr"))
        try await openssl(
            "x509", "-req", "-days", "1", "-in", path("\(name).csr"), "-CA", path("\(authority).pem"), "-CAkey",
            path("\(authority).key"), "-CAcreateserial", "-extfile", extensions, "-out", path("\(name).pem"))
    }

    /// Authority `ca`, certificate `server`.
    func serverSecurity() async throws -> ListenerSecurity {
        try await makeAuthority("ca")
        try await make("server", authority: "ca")
        return ListenerSecurity(
            certificateFile: path("server.pem"), privateKeyFile: path("server.key"), checkInterval: .milliseconds(20))
    }

    /// As an administrator renews it: the certificate and key of `name` take the server's place.
    func install(_ name: String) throws {
        for ending in ["key", "pem"] {
            let new = path("server.\(ending).new")
            try FileManager.default.copyItem(atPath: path("\(name).\(ending)"), toPath: new)
            guard rename(new, path("server.\(ending)")) == 0 else { throw CocoaError(.fileWriteUnknown) }
        }
    }

    private func openssl(_ arguments: String...) async throws {
        guard try await Tool.run("openssl", arguments).status == 0 else { throw CocoaError(.executableLoad) }
    }
}
