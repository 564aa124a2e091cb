internal import Foundation
internal import Testing

extension SystemTests {
    /// TLS on the one port, with clients of others; ALPN says what is spoken.
    @Suite(
        .serialized, .enabled(if: PythonClient.missing == nil, PythonClient.comment),
        .enabled(if: Tool.path("curl") != nil, Curl.isMissing),
        .enabled(if: Tool.path("openssl") != nil, Certificates.isMissing))
    struct TLS {
        /// What is looked at of what `export.py` prints.
        private struct Export: Decodable {
            let code: String
            let details: String
            let inOrder: Bool
        }

        private func export(
            _ port: Int, _ arguments: [String], _ name: String, in workspace: Workspace
        ) async throws -> Export {
            try await PythonClient.run(
                "export", ["--events", "100"] + arguments, port: port, name: name, in: workspace)
        }

        @Test func gRPCAndHTTPOnOnePort() async throws {
            try await Workspace.run { workspace in
                let certificates = try await Certificates("own", in: workspace)
                let ingest = try workspace.ingest([
                    "GATEWAY_TLS_CERTIFICATE_FILE": certificates.server,
                    "GATEWAY_TLS_PRIVATE_KEY_FILE": certificates.serverKey,
                ])
                let port = try await ingest.port()
                let trusting = try await export(port, ["--authority", certificates.authority], "tls", in: workspace)
                #expect(trusting.code == "OK" && trusting.inOrder, "\(trusting.details)")
                let plain = try await export(port, [], "plain", in: workspace)
                #expect(plain.code == "UNAVAILABLE")
                for version in Curl.Version.allCases {
                    let curl = Curl(workspace: workspace, port: port, version: version, isSecure: true)
                    let answer = try await curl("/readyz", ["--cacert", certificates.authority])
                    #expect(answer.status == 200)
                    #expect(answer.version == version.number)
                }
                #expect(try await ingest.stop() == .code(0))
            }
        }

        @Test func clientsShowCertificatesWhenTheyMust() async throws {
            try await Workspace.run { workspace in
                let certificates = try await Certificates("own", in: workspace)
                let others = try await Certificates("other", in: workspace)
                let ingest = try workspace.ingest([
                    "GATEWAY_TLS_CERTIFICATE_FILE": certificates.server,
                    "GATEWAY_TLS_PRIVATE_KEY_FILE": certificates.serverKey,
                    "GATEWAY_TLS_CLIENT_AUTHORITIES_FILE": certificates.authority,
                ])
                let port = try await ingest.port()
                let trust = ["--authority", certificates.authority]
                let known = try await export(
                    port, trust + ["--certificate", certificates.client], "known", in: workspace)
                #expect(known.code == "OK" && known.inOrder, "\(known.details)")
                let unknown = try await export(
                    port, trust + ["--certificate", others.client], "unknown", in: workspace)
                #expect(unknown.code == "UNAVAILABLE")
                let bare = try await export(port, trust, "bare", in: workspace)
                #expect(bare.code == "UNAVAILABLE")
                #expect(try await ingest.stop() == .code(0))
            }
        }
    }
}
