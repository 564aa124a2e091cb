internal import FakePubSub
internal import Foundation
internal import GRPCCore
internal import Store
internal import Testing

extension SystemTests {
    /// Spans and errors on their way to receivers that have their troubles.
    @Suite(.serialized, .enabled(if: PythonClient.missing == nil, PythonClient.comment))
    struct Observing {
        private static let parent = "b7ad6b7169203331"
        private static let trace = "0af7651916cd43dd8448eb211c80319c"

        private static func headers(sampled: Bool) -> Metadata {
            ["traceparent": .string("00-\(trace)-\(parent)-0\(sampled ? 1 : 0)")]
        }

        private func send(_ name: String, batches: Int = 1, sampled: Bool = true, to port: Int) async throws {
            let events = (0..<batches * 10).map { TestEvent(id: "\(name)-\($0)", number: $0) }
            let outcome = try await GatewayClient.connected(to: port) { client in
                let messages = try stride(from: 0, to: events.count, by: 10).map {
                    try Requests.batch(Array(events[$0..<$0 + 10]))
                }
                return await client.send(
                    [try Requests.instance("instance-1", requestID: name)] + messages,
                    headers: Self.headers(sampled: sampled))
            }
            #expect(outcome.error == nil)
            #expect(outcome.ids == events.map(\.id))
        }

        @Test func aStreamFromItsSendersTraceToThePublish() async throws {
            let licences = try LicenceVectors.load()
            try await Workspace.run { workspace in
                let observers = try await Observers(in: workspace)
                let fake = try await FakePubSub.start()
                let settings = observers.traceSettings.merging([
                    "OTEL_EXPORTER_OTLP_COMPRESSION": "gzip", "OTEL_EXPORTER_OTLP_HEADERS": "x-tenant=the%20tenant",
                    "ENVIRONMENT_ID": "system-test",
                ]) { $1 }
                let ingest = try workspace.ingest(
                    settings.merging([
                        "GATEWAY_LICENSE_PUBLIC_KEY_FILE": try licences.writePublicKey(workspace.directory)
                    ]) { $1 })
                let forwarder = try workspace.forwarder(settings.merging(fake.settings) { $1 })
                let port = try await ingest.port()
                let events = (0..<20).map { TestEvent(id: "traced-\($0)", number: $0) }
                let outcome = try await GatewayClient.connected(to: port) { client in
                    await client.send(
                        [
                            try Requests.licensed(licences.genuine), try Requests.batch(Array(events[..<10])),
                            try Requests.batch(Array(events[10...])),
                        ], headers: Self.headers(sampled: true))
                }
                #expect(outcome.ids == events.map(\.id))
                try await workspace.drained()
                #expect(try await ingest.stop() == .code(0))
                #expect(try await forwarder.stop() == .code(0))

                let received = try await observers.received()
                let spans = received.spans
                func named(_ name: String) -> [Observers.Span] { spans.filter { $0.name == name } }

                let call = try #require(
                    named("telemetrygateway.v1.TelemeteryGatewayService/RecordEvents").first)
                #expect(call.trace == Self.trace)
                #expect(call.parent == Self.parent)
                #expect(call.kind == 2, "SERVER")
                #expect(call.status == 0)
                #expect(call.process == "telemetry-ingest")
                #expect(call.attributes["rpc.system"]?.text == "grpc")
                #expect(call.attributes["rpc.method"]?.text == "RecordEvents")
                #expect(call.attributes["rpc.grpc.status_code"]?.number == 0)
                #expect(call.attributes["gateway.events"]?.number == 20)
                #expect(call.attributes["gateway.client"]?.text == "instance")
                let batches = named("batch")
                #expect(batches.count == 2)
                #expect(batches.allSatisfy { $0.trace == Self.trace && $0.parent == call.id })
                #expect(batches.allSatisfy { $0.attributes["gateway.events"]?.number == 10 })
                let commits = named("commit")
                #expect(Set(commits.map(\.parent)) == Set(batches.map(\.id)), "one below each batch")
                for span in batches + commits {
                    let above = try #require(spans.first { $0.id == span.parent })
                    #expect(above.start <= span.start && span.start <= span.end && span.end <= above.end)
                }

                let pages = named("page")
                let published = named("publish topic")
                #expect(!published.isEmpty)
                for span in published {
                    #expect(span.process == "telemetry-forwarder")
                    #expect(pages.contains { $0.id == span.parent && $0.trace == span.trace })
                    #expect(span.links == ["\(Self.trace)-\(Self.parent)"])
                    #expect(span.kind == 3, "CLIENT")
                    #expect(span.attributes["messaging.system"]?.text == "gcp_pubsub")
                    #expect(span.attributes["messaging.destination.name"]?.text == "topic")
                }
                let messages = published.compactMap { $0.attributes["messaging.batch.message_count"]?.number }
                #expect(messages.reduce(0, +) == 20)
                #expect(named("record").contains { record in pages.contains { $0.id == record.parent } })

                for resource in received.resources {
                    let attributes = resource["attributes"]
                    #expect(attributes?["deployment.environment.name"]?.text == "system-test")
                    #expect(attributes?["service.name"] == attributes?["process.executable.name"])
                }
                #expect(received.requests.allSatisfy { $0.headers["x-tenant"] == "the tenant" })
                // Who sent is known, but neither what nor with which key.
                for secret in [licences.genuine, "traced-", "system.test", "privateMetadata"] {
                    #expect(!received.everything.contains(secret), "\(secret)")
                }
                #expect(!(ingest.errorText + forwarder.errorText).contains("the tenant"), "headers may be secrets")
                try await fake.stop()
            }
        }

        @Test func refusedAndSingleCallsAreTraced() async throws {
            try await Workspace.run { workspace in
                let observers = try await Observers(in: workspace)
                let ingest = try workspace.ingest(
                    observers.traceSettings.merging([
                        "OTEL_SERVICE_NAME": "my-ingest", "GATEWAY_ALLOW_UNAUTHENTICATED_SERVICES": "true",
                    ]) { $1 })
                let port = try await ingest.port()
                try await GatewayClient.connected(to: port) { client in
                    let refused = await client.send(
                        [try Requests.licensed("no key")], headers: Self.headers(sampled: true))
                    #expect(refused.error?.code == .unimplemented)
                    let event = TestEvent(id: "single", number: 1).message
                    let single = await client.recordEvent(
                        try Requests.unary(Requests.serviceMetadata("cody"), event),
                        headers: Self.headers(sampled: true))
                    #expect(single == nil)
                }
                let answer = try await Curl(workspace: workspace, port: port)(
                    "/v1/events",
                    [
                        "--header", "X-Service-Id: cody", "--header", "Content-Type: application/x-ndjson", "--header",
                        "traceparent: 00-\(Self.trace)-\(Self.parent)-01", "--data-binary",
                        #"{"id":"h","feature":"f","action":"a","timestamp":"2026-01-01T00:00:00Z"}"# + "\n",
                    ])
                #expect(answer.status == 200, "\(answer.body)")
                #expect(try await ingest.stop() == .code(0))
                let received = try await observers.received()
                let calls = received.spans.filter { $0.kind == 2 }
                #expect(calls.allSatisfy { $0.parent == Self.parent })
                let byName = Dictionary(calls.map { ($0.name.split(separator: "/").last.map(String.init) ?? "", $0) }) {
                    $1
                }
                let refused = try #require(byName["RecordEvents"])
                #expect(refused.status == 2)
                #expect(refused.attributes["error.type"]?.text == "licence")
                #expect(refused.attributes["rpc.grpc.status_code"]?.number == 12)
                let single = try #require(byName["RecordEvent"])
                #expect(single.attributes["gateway.client"]?.text == "cody")
                let posted = try #require(byName["events"])
                #expect(posted.attributes["http.response.status_code"]?.number == 200)
                for call in [single, posted] {
                    #expect(received.spans.contains { $0.name == "commit" && $0.parent == call.id })
                }
                #expect(received.resources.allSatisfy { $0["attributes"]?["service.name"]?.text == "my-ingest" })
            }
        }

        @Test(arguments: [("parentbased_always_on", false), ("always_off", true)])
        func whatIsNotSampledIsNotSent(_ sampler: String, _ isSampled: Bool) async throws {
            try await Workspace.run { workspace in
                let observers = try await Observers(in: workspace)
                let settings = observers.traceSettings.merging(["OTEL_TRACES_SAMPLER": sampler]) { $1 }
                let ingest = try workspace.ingest(settings)
                let forwarder = try workspace.forwarder(settings)
                try await send("quiet", sampled: isSampled, to: try await ingest.port())
                try await workspace.drained()
                // A process that ends sends what it has.
                #expect(try await ingest.stop() == .code(0))
                #expect(try await forwarder.stop() == .code(0))
                #expect(try await observers.received().requests.isEmpty)
            }
        }

        @Test func aReceiverThatIsGoneStopsNothing() async throws {
            try await Workspace.run { workspace in
                let settings = [
                    // Nobody listens there, and nobody may.
                    "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_BSP_SCHEDULE_DELAY": "20",
                    "OTEL_BSP_MAX_QUEUE_SIZE": "8", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "8",
                    "SENTRY_DSN": "http://\(Observers.key)@127.0.0.1:1/42",
                ]
                let ingest = try workspace.ingest(settings)
                let forwarder = try workspace.forwarder(settings)
                let port = try await ingest.port()
                for number in 0..<5 { try await send("gone-\(number)", batches: 16, to: port) }
                try await workspace.drained()
                let scrape = try await Scrape(port: port, in: workspace)
                #expect(scrape("gateway_trace_spans_total", ["outcome": "sent"]) == 0)
                #expect((scrape("gateway_trace_spans_total", ["outcome": "dropped"]) ?? 0) > 100)
                #expect(ingest.errorText.contains("a request with spans was not taken"))
                let began = ContinuousClock.now
                #expect(try await ingest.stop() == .code(0))
                #expect(try await forwarder.stop() == .code(0))
                #expect(ContinuousClock.now - began < .seconds(25), "both ends wait 4 s at most for the receiver")
            }
        }

        @Test func aReceiverThatDoesNotAnswerStopsNothing() async throws {
            try await Workspace.run { workspace in
                let observers = try await Observers(in: workspace)
                try await observers.plan(traces: [.init(status: 200, hold: true)])
                let ingest = try workspace.ingest(
                    observers.traceSettings.merging([
                        "OTEL_BSP_MAX_QUEUE_SIZE": "8", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "8",
                        "OTEL_EXPORTER_OTLP_TIMEOUT": "300000",
                    ]) { $1 })
                let port = try await ingest.port()
                for number in 0..<3 { try await send("held-\(number)", batches: 16, to: port) }
                let scrape = try await Scrape(port: port, in: workspace)
                #expect((scrape("gateway_trace_spans_total", ["outcome": "dropped"]) ?? 0) > 0)
                try await observers.release()
                try await eventually("what waited is sent") {
                    let scrape = try await Scrape(port: port, in: workspace)
                    return (scrape("gateway_trace_spans_total", ["outcome": "sent"]) ?? 0) >= 9
                }
                #expect(try await ingest.stop() == .code(0))
            }
        }

        @Test func aReceiverThatAsksForAPauseGetsIt() async throws {
            try await Workspace.run { workspace in
                let observers = try await Observers(in: workspace)
                try await observers.plan(traces: [
                    .init(status: 429, headers: ["Retry-After": "2"]),
                    .init(status: 503, headers: ["Retry-After": "1"]),
                ])
                let ingest = try workspace.ingest(observers.traceSettings)
                let port = try await ingest.port()
                try await send("patient", to: port)
                try await eventually("the spans are there") {
                    try await observers.received().spans.contains { $0.name == "batch" }
                }
                let requests = try await observers.received().requests
                #expect(requests.prefix(3).map(\.status) == [429, 503, 200])
                #expect(requests[1].at - requests[0].at >= 2)
                #expect(requests[2].at - requests[1].at >= 1)
                #expect(requests[0].body == requests[2].body)
                // The same goes for what will never be taken: once is enough.
                try await observers.plan(traces: [.init(status: 401)])
                try await send("refused", to: port)
                try await eventually("they are refused") {
                    let scrape = try await Scrape(port: port, in: workspace)
                    return (scrape("gateway_trace_spans_total", ["outcome": "refused"]) ?? 0) > 0
                }
                #expect(try await ingest.stop() == .code(0))
            }
        }

        @Test func theEndSendsWhatWaits() async throws {
            try await Workspace.run { workspace in
                let observers = try await Observers(in: workspace)
                let ingest = try workspace.ingest(
                    observers.traceSettings.merging(["OTEL_BSP_SCHEDULE_DELAY": "600000"]) { $1 })
                try await send("last", to: try await ingest.port())
                #expect(try await observers.received().requests.isEmpty)
                #expect(try await ingest.stop() == .code(0))
                #expect(try await observers.received().spans.map(\.name).contains("batch"))
            }
        }

        @Test func errorsAreToldOnceWithTheirNumber() async throws {
            try await Workspace.run { workspace in
                let observers = try await Observers(in: workspace)
                let ingest = try workspace.ingest(observers.errorSettings)
                let port = try await ingest.port()
                // A file in the place of the directory: no segment can be made.
                let segments = workspace.layout.segmentsDirectory
                try FileManager.default.removeItem(atPath: segments)
                try Data().write(to: URL(fileURLWithPath: segments))
                let message = "batches refused: the spool could not make them durable"
                func logged() -> Int { ingest.errorText.components(separatedBy: message).count - 1 }
                func refuse() async throws {
                    let event = TestEvent(id: "payload-of-an-event", number: 1)
                    let outcome = try await GatewayClient.connected(to: port) { client in
                        await client.send([try Requests.instance("instance-1"), try Requests.batch([event])])
                    }
                    #expect(outcome.error?.code == .unavailable)
                }
                // The log itself has the same failure once in 10 s; the receiver once in 60 s.
                try await eventually("the log has it three times") {
                    try await refuse()
                    return logged() >= 3
                }
                let early = try await observers.received().events
                #expect(early.count { $0["logentry"]?["formatted"]?.text == message } == 1)
                #expect(try await ingest.stop() == .code(0))

                let received = try await observers.received()
                let events = received.events.filter { $0["logentry"]?["formatted"]?.text == message }
                #expect(events.count == 2, "the first at once, the last at the end")
                #expect(Set(events.map { $0["fingerprint"] }).count == 1)
                let (first, last) = (try #require(events.first), try #require(events.last))
                #expect(first["level"]?.text == "error")
                #expect(first["environment"]?.text == "system-test")
                #expect(first["release"]?.text?.hasPrefix("telemetry-gateway@") == true)
                #expect(first["tags"]?["process"]?.text == "telemetry-ingest")
                #expect(first["tags"]?["code"]?.text?.isEmpty == false)
                #expect(first["extra"]?["suppressed"]?.number == 0)
                #expect((last["extra"]?["suppressed"]?.number ?? 0) >= 1, "told of without being sent")
                #expect((Int(last["extra"]?["suppressed_in_log"]?.text ?? "") ?? 0) >= 1)
                for request in received.requests {
                    #expect(request.path == "/api/42/envelope/")
                    #expect(request.headers["x-sentry-auth"]?.contains("sentry_key=\(Observers.key)") == true)
                    #expect(!String(decoding: request.body ?? Data(), as: UTF8.self).contains(Observers.key))
                }
                #expect(!received.everything.contains("payload-of-an-event"))
                #expect(!ingest.errorText.contains(Observers.key))
            }
        }

        @Test func whatEndsAProcessIsTold() async throws {
            try await Workspace.run { workspace in
                let observers = try await Observers(in: workspace)
                let first = try workspace.forwarder()
                _ = try await first.port()
                let second = try workspace.forwarder(observers.errorSettings)
                #expect(try await second.exit() == .code(69))
                let events = try await observers.received().events
                #expect(events.map { $0["level"]?.text } == ["fatal"])
                #expect(events.first?["tags"]?["code"]?.text == "locked")
                #expect(try await first.stop() == .code(0))
            }
        }

        @Test func aReceiverOfErrorsThatWantsNoMoreIsLeftAlone() async throws {
            try await Workspace.run { workspace in
                let observers = try await Observers(in: workspace)
                try await observers.plan(errors: [
                    .init(status: 429, headers: ["X-Sentry-Rate-Limits": "600:error:key", "Retry-After": "600"])
                ])
                let ingest = try workspace.ingest(observers.errorSettings)
                let port = try await ingest.port()
                let segments = workspace.layout.segmentsDirectory
                try FileManager.default.removeItem(atPath: segments)
                try Data().write(to: URL(fileURLWithPath: segments))
                let event = TestEvent(id: "e", number: 1)
                func limited() async throws -> Double {
                    let outcome = try await GatewayClient.connected(to: port) { client in
                        await client.send([try Requests.instance("i"), try Requests.batch([event])])
                    }
                    #expect(outcome.error != nil)
                    return try await Scrape(port: port, in: workspace)(
                        "gateway_error_events_total", ["outcome": "limited"]) ?? 0
                }
                try await eventually("the error is given up") { try await limited() >= 1 }
                #expect(try await ingest.stop() == .code(0))
                let received = try await observers.received()
                #expect(received.events.isEmpty)
                #expect(received.requests.map(\.status) == [429])
            }
        }

        @Test func aDSNThatIsNoneEndsTheStartWithoutShowingIt() async throws {
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest(["SENTRY_DSN": "https://s3cr3t@errors.example.com/"])
                #expect(try await ingest.exit() == .code(78))
                #expect(ingest.errorText.contains("SENTRY_DSN: has no project: https://KEY@HOST/PROJECT"))
                #expect(!ingest.errorText.contains("s3cr3t"))
            }
        }
    }
}
