package import Logging
package import Observing
package import Runtime

/// Everything that can be set for `telemetry-forwarder`.
package struct ForwarderConfiguration: Sendable {
    static let pausedKey = "GATEWAY_PAUSED_DESTINATIONS"
    static let replayRateKey = "GATEWAY_REPLAY_RATE"

    /// Where the forwarder's health and metrics listen.
    package var host: String
    /// Their TCP port; 0 for any free one.
    package var port: Int
    /// The spool directory.
    package var spoolDirectory: String
    /// Whether the spool may lie on a network file system.
    package var allowsNetworkFileSystem: Bool
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
    /// Destinations that get nothing for now; each is one of `destinations`.
    package var pausedDestinations: [DestinationAddress]
    /// Most events a second that are sent again to each destination; 0 without a limit.
    package var replayRate: Int
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
        allowsNetworkFileSystem = PreflightSettings.readAllowsNetwork(&reader)
        destinationSettings = DestinationSettings(&reader)
        retention = RetentionSettings(&reader)
        delivery = DeliverySettings(&reader)
        access = OperatorAccess(&reader)
        destinations = Self.readDestinations(&reader)
        pausedDestinations = Self.readPaused(&reader, among: destinations)
        replayRate = reader.integer(
            Self.replayRateKey, default: 0, in: 0...1_000_000, unit: "events/s",
            meaning:
                "Most events a second that are sent again to each destination, whatever a replay was ordered with; 0 "
                + "for no limit.")
        observing = ObservingConfiguration(&reader, process: ForwarderProcess.name)
        logLevel = JSONLogging.readLevel(&reader)
        destinationSettings.check(destinations, &reader)
    }

    private static func readPaused(
        _ reader: inout ConfigurationReader, among destinations: [DestinationAddress]
    ) -> [DestinationAddress] {
        let names = reader.list(
            pausedKey, default: [],
            meaning: "Destinations that get nothing while they are listed here, written as in GATEWAY_DESTINATIONS, or "
                + "all; a resume by hand lasts until the next reload or start.")
        if names == ["all"] { return destinations }
        var paused: [DestinationAddress] = []
        for name in names {
            if let address = try? DestinationAddress.parse(name), destinations.contains(address) {
                paused.append(address)
            } else if reader.isSound("GATEWAY_DESTINATIONS") {
                // Not repeated: an address may hold a password.
                reader.addProblem(
                    key: pausedKey,
                    message: "one of its \(names.count) elements is none of GATEWAY_DESTINATIONS; write it as there")
            }
        }
        return paused
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
