import Foundation
import GRPCNIOTransportHTTP2Posix
import Logging
import Runtime
import Testing

@testable import Listening

@Suite(.serialized, .timeLimit(.minutes(2)), .enabled(if: Tool.exists("openssl") && Tool.exists("curl")))
struct ListenerSecurityTests {
    private static let server: @Sendable (URL) async throws -> ListenerSecurity = {
        try await Certificates(directory: $0).serverSecurity()
    }

    private static func curl(_ gateway: Gateway, _ arguments: String...) async throws -> Tool.Outcome {
        let authority = gateway.directory.appending(path: "ca.pem").path
        return try await Tool.run(
            "curl",
            ["--silent", "--max-time", "20", "--cacert", authority, "--write-out", "%{http_version}"] + arguments
                + ["https://127.0.0.1:\(gateway.port)/x"])
    }

    @Test func speaksWhatIsNegotiated() async throws {
        try await Gateway.run(security: Self.server) { gateway in
            let http2 = try await Self.curl(gateway)
            #expect(http2.text.hasPrefix("GET /x\n"))
            #expect(http2.text.hasSuffix("\n2"))
            let http1 = try await Self.curl(gateway, "--http1.1")
            #expect(http1.text.hasPrefix("GET /x\n"))
            #expect(http1.text.hasSuffix("\n1.1"))
            let sniffed = try await Self.curl(gateway, "--no-alpn")
            #expect(sniffed.text.hasSuffix("\n1.1"))
        }
    }

    @Test func carriesLargeBodies() async throws {
        try await Gateway.run(security: Self.server) { gateway in
            let file = gateway.directory.appending(path: "body")
            let body = Data((0..<10_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
            try body.write(to: file)
            for version in ["--http1.1", "--http2"] {
                let outcome = try await Tool.curl(
                    "--insecure", version, "--data-binary", "@\(file.path)", "https://127.0.0.1:\(gateway.port)/echo")
                #expect(outcome.output == body)
            }
        }
    }

    @Test func servesGRPC() async throws {
        try await Gateway.run(security: Self.server) { gateway in
            let authority = gateway.directory.appending(path: "ca.pem").path
            let answers = try await EchoService.call(
                port: gateway.port,
                security: .tls {
                    $0.trustRoots = .certificates([.file(path: authority, format: .pem)])
                    $0.serverCertificateVerification = .noHostnameVerification
                }, messages: [[1], [2]])
            #expect(answers == [[1], [2]])
        }
    }

    @Test func refusesOldVersionsAndPlaintext() async throws {
        try await Gateway.run(security: Self.server) { gateway in
            let old = try await Self.curl(gateway, "--tls-max", "1.1")
            #expect(old.status != 0)
            await gateway.observed.wait(for: .refused(.tlsFailed))
            try await RawClient.run(port: gateway.port) { client in
                try await client.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n")
                #expect(!(await client.receiveAll().contains("HTTP/1.1")))
            }
            await gateway.observed.wait(for: .refused(.tlsFailed), count: 2)
        }
    }

    @Test func waitsForAHandshakeOnlySoLong() async throws {
        var limits = Gateway.shortLimits
        limits.handshakeTime = .milliseconds(100)
        try await Gateway.run(limits: limits, security: Self.server) { gateway in
            try await RawClient.run(port: gateway.port) { client in
                try await client.send([0x16, 0x03, 0x01])
                _ = await client.receiveAll()
            }
            #expect(gateway.observed.count(of: .refused(.handshakeDeadline)) == 1)
        }
    }

    @Test func refusesClientsWithoutACertificateFromTheAuthorities() async throws {
        try await Gateway.run(
            security: { directory in
                let certificates = Certificates(directory: directory)
                var security = try await certificates.serverSecurity()
                try await certificates.make("client", authority: "ca")
                try await certificates.makeAuthority("stranger-ca")
                try await certificates.make("stranger", authority: "stranger-ca")
                security.clientAuthoritiesFile = certificates.path("ca.pem")
                return security
            },
            { gateway in
                let path = { (name: String) in gateway.directory.appending(path: name).path }
                #expect(try await Self.curl(gateway).status != 0)
                await gateway.observed.wait(for: .refused(.tlsFailed), count: 1)
                #expect(
                    try await Self.curl(gateway, "--cert", path("stranger.pem"), "--key", path("stranger.key")).status
                        != 0)
                await gateway.observed.wait(for: .refused(.tlsFailed), count: 2)
                let known = try await Self.curl(gateway, "--cert", path("client.pem"), "--key", path("client.key"))
                #expect(known.text.hasPrefix("GET /x\n"))
            })
    }

    @Test func usesRenewedCertificatesWithoutARestart() async throws {
        try await Gateway.run(security: Self.server) { gateway in
            let reloader = try #require(gateway.listener.certificateReloader)
            let certificates = Certificates(directory: gateway.directory)
            try await certificates.make("renewed", authority: "ca")
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await reloader.run() }
                #expect(try await Self.subject(gateway).contains("CN = server"))
                try "no certificate\n".write(
                    toFile: certificates.path("server.pem"), atomically: true, encoding: .utf8)
                await gateway.observed.wait(for: .certificateReloaded(false))
                #expect(try await Self.subject(gateway).contains("CN = server"))
                try certificates.install("renewed")
                await gateway.observed.wait(for: .certificateReloaded(true))
                #expect(try await Self.subject(gateway).contains("CN = renewed"))
                group.cancelAll()
            }
        }
    }

    @Test func knowsWhenTheCertificateEnds() async throws {
        try await Gateway.run(security: Self.server) { gateway in
            let reloader = try #require(gateway.listener.certificateReloader)
            let left = reloader.notAfter - Int(Date().timeIntervalSince1970)
            let file = Certificates(directory: gateway.directory).path("server.pem")
            func holds(for seconds: Int) async throws -> Bool {
                try await Tool.run("openssl", ["x509", "-noout", "-in", file, "-checkend", "\(seconds)"]).status == 0
            }
            #expect(try await holds(for: left - 300))
            #expect(try await !holds(for: left + 300))
        }
    }

    @Test func otherFilesAreTakenWhenTheyAreFitAndNotBefore() async throws {
        try await Gateway.run(security: Self.server) { gateway in
            let reloader = try #require(gateway.listener.certificateReloader)
            let certificates = Certificates(directory: gateway.directory)
            try await certificates.make("other", authority: "ca")
            let security = ListenerSecurity(
                certificateFile: certificates.path("other.pem"), privateKeyFile: certificates.path("other.key"))
            let use = try reloader.prepare(security)
            #expect(try await Self.subject(gateway).contains("CN = server"), "only prepared")
            use()
            #expect(try await Self.subject(gateway).contains("CN = other"))
            var wrong = security
            wrong.privateKeyFile = certificates.path("server.key")
            #expect(throws: RuntimeFailure.self) { _ = try reloader.prepare(wrong) }
            #expect(try await Self.subject(gateway).contains("CN = other"))
            let validity = try CertificateValidity(file: security.certificateFile)
            let now = WallClock.now()
            #expect(validity.from <= now && validity.until > now)
            #expect(throws: RuntimeFailure.self) { try CertificateValidity(file: security.privateKeyFile) }
        }
    }

    @Test func saysWhatIsWrongWithTheFiles() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(
            path: "listening-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let certificates = Certificates(directory: directory)
        let good = try await certificates.serverSecurity()
        try await certificates.make("other", authority: "ca")
        try "nonsense".write(toFile: certificates.path("nonsense"), atomically: true, encoding: .utf8)
        var missing = good
        missing.certificateFile = certificates.path("missing.pem")
        #expect(message(of: missing).contains("missing.pem: No such file or directory"))
        var missingKey = good
        missingKey.privateKeyFile = certificates.path("missing.key")
        #expect(message(of: missingKey).contains("missing.key: No such file or directory"))
        var mismatch = good
        mismatch.privateKeyFile = certificates.path("other.key")
        #expect(message(of: mismatch).contains("check that the key belongs to the first certificate"))
        var nonsense = good
        nonsense.clientAuthoritiesFile = certificates.path("nonsense")
        #expect(message(of: nonsense).contains("client authorities file"))
        nonsense = good
        nonsense.privateKeyFile = certificates.path("nonsense")
        #expect(message(of: nonsense).contains("is not valid PEM"))
    }

    private func message(of security: ListenerSecurity) -> String {
        do {
            _ = try OnePortListener(
                configuration: ListenerConfiguration(
                    host: "127.0.0.1", port: 0, httpSocketPath: "/x", security: security),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            return "no error"
        } catch {
            return error.message
        }
    }

    /// The subject of the certificate that a new connection is shown.
    private static func subject(_ gateway: Gateway) async throws -> String {
        let outcome = try await Tool.run(
            "openssl", ["s_client", "-connect", "127.0.0.1:\(gateway.port)", "-alpn", "h2"])
        return outcome.text.split(separator: "\n").first { $0.hasPrefix("subject=") }.map(String.init) ?? outcome.text
    }
}
