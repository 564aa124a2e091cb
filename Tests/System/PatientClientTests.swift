internal import Foundation
internal import Testing

extension SystemTests {
    /// Clients that stay for long and say little (reference 3.3).
    @Suite(.serialized, .enabled(if: PythonClient.missing == nil, PythonClient.comment)) struct PatientClients {
        /// What `idle_pings.py` prints.
        private struct IdlePings: Decodable {
            let codes: [String]
            let pings: Int
            let connections: Int
            let goaways: [String]
            let acknowledged: [String]
        }

        @Test func idleClientsAndLongStreamsAreLeftInPeace() async throws {
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest(["GATEWAY_HEALTH_MAXIMUM_LAG": "60s"])
                let port = try await ingest.port()
                async let idle: IdlePings = PythonClient.run(
                    "idle_pings", ["--seconds", "50"], port: port, name: "idle", in: workspace)
                // The service that is replaced resets streams after two minutes.
                async let long: LongStream = PythonClient.run(
                    "long_stream", ["--seconds", "125"], port: port, name: "long", in: workspace)
                let (pings, stream) = (try await idle, try await long)
                #expect(pings.codes == ["OK", "OK"])
                #expect(pings.pings >= 2)
                #expect(pings.connections == 1, "the connection was not closed meanwhile")
                #expect(pings.goaways.isEmpty)
                #expect(pings.acknowledged.count == 2)
                #expect(stream.code == "OK", "\(stream.details)")
                #expect(stream.seconds >= 125)
                #expect(stream.acknowledged.count == 2)
                // Meanwhile nothing was delivered.
                if Tool.path("curl") != nil {
                    let health = try await Curl(workspace: workspace, port: port)("/-/healthz")
                    #expect(health.status == 500)
                    #expect(health.body.hasPrefix("healthz: the oldest segment"), "\(health.body)")
                }
                #expect(try await ingest.stop() == .code(0))
            }
        }

        /// What `long_stream.py` prints.
        private struct LongStream: Decodable {
            let code: String
            let details: String
            let seconds: Double
            let acknowledged: [String]
        }
    }
}
