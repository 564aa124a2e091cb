internal import Contract
internal import Foundation
internal import GRPCCore
internal import Testing

extension SystemTests {
    /// What both processes say about themselves.
    @Suite(.serialized, .enabled(if: Tool.path("curl") != nil, Curl.isMissing)) struct Metrics {
        private let settings = [
            "GATEWAY_ALLOW_UNAUTHENTICATED_SERVICES": "true", "GATEWAY_KNOWN_SERVICES": "pings,cody-gateway",
        ]

        private func events(_ name: String, _ count: Int) -> [TestEvent] {
            (0..<count).map { TestEvent(id: "\(name)-\($0)", number: $0) }
        }

        @Test func theOldMetricsAndTheNew() async throws {
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest(settings)
                let forwarder = try workspace.forwarder()
                let (port, forwarderPort) = (try await ingest.port(), try await forwarder.port())
                try expectNothingYet(try await Scrape(port: port, in: workspace))
                try await GatewayClient.connected(to: port) { client in
                    var bad = TestEvent(id: "bad", number: 1).message
                    bad.feature = "Bad"
                    let good = events("good", 3)
                    let instance = try Requests.instance("i")
                    let stream = await client.send([
                        instance, try Requests.batch(good), try Requests.batch([TestEvent]()),
                        try Requests.batch([bad, events("more", 1)[0].message]), try Requests.batch([bad]),
                        try Requests.batch(good),
                    ])
                    #expect(stream.error == nil)
                    let twice = await client.send([instance, try Requests.batch(events("early", 2)), instance])
                    #expect(twice.error?.code == .invalidArgument)
                    for service in ["pings", "unheard-of"] {
                        let own = await client.send([try Requests.service(service), try Requests.batch(good)])
                        #expect(own.error == nil)
                        let unary = try Requests.unary(Requests.serviceMetadata(service), events("one", 1)[0].message)
                        #expect(await client.recordEvent(unary) == nil)
                        #expect(
                            await client.recordEvent(try Requests.unary(Requests.serviceMetadata(service), bad)) != nil)
                    }
                }
                try await workspace.drained()
                let scrape = try await Scrape(port: port, in: workspace)
                expectOldMetrics(scrape)
                expectNewMetrics(scrape)
                try expectForwarder(try await Scrape(port: forwarderPort, in: workspace))
                #expect(try await ingest.stop() == .code(0))
                #expect(try await forwarder.stop() == .code(0))
            }
        }

        private static let processed = "telemetry_gateway_record_events_processed_events_total"

        private func expectNothingYet(_ scrape: Scrape) throws {
            #expect(!scrape.all("events_lost_total").isEmpty, "present at zero")
            #expect(scrape.all("events_lost_total").allSatisfy { $0 == 0 })
            let labels = ["result": "success", "source": "pings", "succeeded": "true"]
            #expect(scrape(Self.processed, labels) == 0)
        }

        private func expectOldMetrics(_ scrape: Scrape) {
            let instance = "unlicensed_instance"
            let total = "telemetry_gateway_record_events_total_length"
            #expect(scrape(total + "_count", ["error": "false", "source": instance]) == 1)
            #expect(scrape(total + "_sum", ["error": "false", "source": instance]) == 9)
            #expect(scrape(total + "_count", ["error": "true", "source": instance]) == 1)
            let batch = "telemetry_gateway_record_events_payload_length"
            // Three whole ones and the empty one; the stream that failed had one too.
            #expect(scrape(batch + "_count", ["result": "success", "source": instance]) == 4)
            #expect(scrape(batch + "_count", ["result": "partial_failure", "source": instance]) == 1)
            #expect(scrape(batch + "_count", ["result": "complete_failure", "source": instance]) == 1)
            for (succeeded, result, count) in [
                ("true", "success", 8.0), ("true", "partial_failure", 1), ("false", "partial_failure", 1),
                ("false", "complete_failure", 1),
            ] {
                let labels = ["succeeded": succeeded, "result": result, "source": instance]
                #expect(scrape(Self.processed, labels) == count, "\(labels)")
            }
            let unary = "telemetry_gateway_record_event_processed_events_total"
            for source in ["pings", "other"] {
                #expect(scrape(unary, ["error": "false", "source": source]) == 1)
                #expect(scrape(unary, ["error": "true", "source": source]) == 1)
            }
            #expect(!scrape.samples.keys.contains { $0.contains("unheard-of") }, "labels are not for clients to choose")
            // An exporter sends 10,000 events on a stream.
            #expect(scrape.greatestBound(total) > 10_000)
            #expect(scrape.greatestBound(batch) > 10_000)
        }

        private func expectNewMetrics(_ scrape: Scrape) {
            #expect(scrape.all("events_lost_total").allSatisfy { $0 == 0 })
            #expect(scrape("gateway_quarantined_events_total", ["reason": "feature_action_malformed"]) == 4)
            #expect(scrape("gateway_duplicate_events_total") == 3)
            #expect(scrape("gateway_refused_calls_total", ["reason": "protocol_violation"]) == 1)
            #expect(scrape.all("gateway_commit_seconds_count").first ?? 0 > 0)
            #expect(scrape.all("gateway_commit_batches_count").first ?? 0 > 0)
            #expect(scrape("gateway_spool_segments") ?? 0 > 0)
            #expect(scrape("gateway_bytes_in_flight") == 0)
            #expect(scrape("gateway_open_calls") == 0)
        }

        private func expectForwarder(_ scrape: Scrape) throws {
            #expect(scrape.all("events_lost_total").allSatisfy { $0 == 0 })
            #expect(!scrape.all("events_lost_total").isEmpty, "present at zero")
            let sizes = "telemetry_gateway_pubsub_published_message_size_bytes"
            // 3 + 1 + 2 of the instance, 3 + 1 of each service.
            #expect(scrape.all(sizes + "_count") == [14])
            #expect(scrape.greatestBound(sizes) >= 10_000_000)
        }
    }
}
