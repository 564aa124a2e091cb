package import Logging
package import Observing
package import Runtime

/// Everything that can be set for `telemetry-forwarder`.
package struct ForwarderConfiguration: Sendable {
    /// Where the forwarder's health and metrics listen.
    package var host: String
    /// Their TCP port; 0 for any free one.
    package var port: Int
    /// The spool directory.
    package var spoolDirectory: String
    /// Where events go.
    package var destinations: [DestinationAddress]
    /// How they are reached.
    package var destinationSettings: DestinationSettings
    /// Lanes, attempts, dead letters.
    package var delivery: DeliverySettings
    /// How long delivered segments stay, and how old an undelivered event may become.
    package var retention: RetentionSettings
    /// Who may look at the console and act in it.
    package var access: OperatorAccess
    /// Where spans and errors go.
    package var observing: ObservingConfiguration
    /// Log events below this level are not written.
    package var logLevel: Logger.Level

    /// Declares and reads every key of the process.
    package init(_ reader: inout ConfigurationReader) {
        port = reader.integer(
            "GATEWAY_FORWARDER_PORT", default: 10086, in: 0...65535,
            meaning: "TCP port for the forwarder's console, health and metrics; 0 for any free port.")
        host = reader.string(
            "GATEWAY_FORWARDER_HOST", default: "0.0.0.0",
            meaning: "Address for the forwarder's console, health and metrics.")
        spoolDirectory = reader.path(
            "GATEWAY_SPOOL_DIRECTORY", default: "var/spool",
            meaning: "The spool: a local directory that ingest and its forwarder share.")
        destinationSettings = DestinationSettings(&reader)
        retention = RetentionSettings(&reader)
        delivery = DeliverySettings(&reader)
        access = OperatorAccess(&reader)
        destinations = Self.readDestinations(&reader)
        observing = ObservingConfiguration(&reader, process: ForwarderProcess.name)
        logLevel = JSONLogging.readLevel(&reader)
        destinationSettings.check(destinations, &reader)
    }

    private static func readDestinations(_ reader: inout ConfigurationReader) -> [DestinationAddress] {
        let text = reader.optionalString(
            "GATEWAY_DESTINATIONS",
            meaning:
                "Where events go: comma separated \(DestinationAddress.allowedForms). Default: the Pub/Sub topic of "
                + "TELEMETRY_GATEWAY_EVENTS_PUBSUB_… when set, else file://var/delivered.")
        let enabled = reader.boolean(
            "TELEMETRY_GATEWAY_EVENTS_PUBSUB_ENABLED", default: true,
            meaning: "Kept from the service that this one replaces: false ignores the two keys below.")
        let project = reader.optionalString(
            "TELEMETRY_GATEWAY_EVENTS_PUBSUB_PROJECT_ID",
            meaning: "Kept from the service that this one replaces: the topic's project, without GATEWAY_DESTINATIONS.")
        let topic = reader.optionalString(
            "TELEMETRY_GATEWAY_EVENTS_PUBSUB_TOPIC_ID",
            meaning: "Kept from the service that this one replaces: the topic, without GATEWAY_DESTINATIONS.")
        if (project == nil) != (topic == nil) {
            reader.addProblem(
                key: "TELEMETRY_GATEWAY_EVENTS_PUBSUB_PROJECT_ID",
                message: "project and topic belong together: set both PROJECT_ID and TOPIC_ID, or none")
        }
        var list = "file://var/delivered"
        if let text {
            list = text
        } else if enabled, let project, let topic {
            list = "pubsub://\(project)/\(topic)"
        }
        let (addresses, problems) = DestinationAddress.parseList(list)
        for problem in problems { reader.addProblem(key: "GATEWAY_DESTINATIONS", message: problem.message) }
        return addresses
    }
}
