import Runtime
import Testing

@testable import Forwarder

@Suite struct ForwarderConfigurationTests {
    private func read(_ environment: [String: String]) -> (ForwarderConfiguration, ConfigurationReader) {
        var reader = ConfigurationReader(environment: environment)
        let configuration = ForwarderConfiguration(&reader)
        return (configuration, reader)
    }

    @Test func everyKeyIsKnownToTheWholeProject() {
        let (_, reader) = read([:])
        let unknown = Set(reader.keys.map(\.name)).subtracting(KnownKeys.all)
        #expect(unknown.isEmpty, "add to KnownKeys: \(unknown)")
    }

    @Test func theDefaultIsAFileDestination() {
        #expect(read([:]).0.destinations == [.file(directory: "var/delivered")])
    }

    @Test func theOldNamesOfTheTopicAreUnderstood() {
        let old = [
            "TELEMETRY_GATEWAY_EVENTS_PUBSUB_PROJECT_ID": "project",
            "TELEMETRY_GATEWAY_EVENTS_PUBSUB_TOPIC_ID": "topic", "PUBSUB_EMULATOR_HOST": "127.0.0.1:1",
        ]
        #expect(read(old).0.destinations == [.pubsub(project: "project", topic: "topic")])
        let disabled = old.merging(["TELEMETRY_GATEWAY_EVENTS_PUBSUB_ENABLED": "false"]) { $1 }
        #expect(read(disabled).0.destinations == [.file(directory: "var/delivered")])
        let own = old.merging(["GATEWAY_DESTINATIONS": "file:///srv"]) { $1 }
        #expect(read(own).0.destinations == [.file(directory: "/srv")])
    }

    @Test func everyBadDestinationIsNamed() {
        let (_, reader) = read(["GATEWAY_DESTINATIONS": "ftp://x,file://,pubsub://only"])
        #expect(throws: ConfigurationError.self) { try reader.finish() }
        let text = reader.problems.map { "\($0)" }.joined(separator: "\n")
        for bad in ["ftp://x", "file://", "pubsub://only"] { #expect(text.contains("\"\(bad)\"")) }
    }

    @Test func whatDestinationsNeedIsCheckedAtTheStart() {
        let (_, reader) = read([
            "GATEWAY_DESTINATIONS": "pubsub://project/topic,https://one.test/a,https://two.test/b",
            "GOOGLE_APPLICATION_CREDENTIALS": "/missing/key.json", "GATEWAY_WEBHOOK_TOKEN_FILE": "/missing/token",
            "GATEWAY_WEBHOOK_SECRET_FILE": "/missing/secret", "GATEWAY_PUBSUB_EVENT_ID_ATTRIBUTE": "googid",
        ])
        #expect(throws: ConfigurationError.self) { try reader.finish() }
        let text = reader.problems.map { "\($0)" }.joined(separator: "\n")
        for problem in ["/missing/key.json", "/missing/token", "/missing/secret", "several hosts", "googid"] {
            #expect(text.contains(problem))
        }
    }

    @Test func destinationsHaveSettings() throws {
        let (configuration, reader) = read([
            "GATEWAY_PUBSUB_COMPRESSION": "gzip", "GATEWAY_PUBSUB_ORDERING_KEY": "client",
            "GATEWAY_PUBSUB_EVENT_ID_ATTRIBUTE": "event.id", "GCE_METADATA_HOST": "127.0.0.1:9",
            "GATEWAY_FILE_COMPRESSION": "gzip", "GATEWAY_WEBHOOK_COMPRESSION": "gzip",
            "GATEWAY_WEBHOOK_MAXIMUM_EVENTS": "5", "GATEWAY_WEBHOOK_MAXIMUM_BYTES": "2MB",
        ])
        _ = try reader.finish()
        let settings = configuration.destinationSettings
        #expect(settings.pubsub.compression == .gzip && settings.pubsub.orderingKey == .client)
        #expect(settings.pubsub.eventIDAttribute == "event.id")
        #expect(settings.pubsub.credentials == .metadataServer("127.0.0.1:9"))
        #expect(settings.file.compression == .gzip && settings.webhook.compression == .gzip)
        #expect(settings.webhook.requests.maximumMessages == 5)
        #expect(settings.webhook.requests.maximumBytes == 2_000_000)
    }

    @Test func withoutSettingsMessagesAreAsTheyAlwaysWere() {
        let settings = read([:]).0.destinationSettings
        #expect(settings.pubsub.compression == .none && settings.pubsub.orderingKey == .none)
        #expect(settings.pubsub.eventIDAttribute == nil)
        #expect(settings.pubsub.credentials == .metadataServer("metadata.google.internal"))
        #expect(settings.file.compression == .none && settings.webhook.compression == .none)
    }
}
