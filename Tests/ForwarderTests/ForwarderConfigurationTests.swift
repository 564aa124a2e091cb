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

    @Test func aTopicWithoutCredentialsIsAProblemOfTheConfiguration() {
        let (_, reader) = read(["GATEWAY_DESTINATIONS": "pubsub://project/topic"])
        #expect(throws: ConfigurationError.self) { try reader.finish() }
    }
}
