/// Names, ports and paths that all generated files agree on.
enum Deployed {
    static let ingest = "telemetry-ingest"
    static let forwarder = "telemetry-forwarder"
    static let ingestBinary = "/usr/bin/telemetry-ingest"
    static let forwarderBinary = "/usr/bin/telemetry-forwarder"
    /// gRPC and HTTP of ingest.
    static let ingestPort = 9992
    /// Health and metrics of the forwarder.
    static let forwarderPort = 10086
    static let spoolVolume = "spool"
    static let spoolMount = "/var/lib/telemetry-gateway"
    static let spoolDirectory = "/var/lib/telemetry-gateway/spool"
    /// User and group of both processes.
    static let user = 10001
    /// Longest graceful stop: 15 s for each process, ingest first, and what the forwarder has under way (60 s).
    static let terminationSeconds = 120
    /// Pause between two scrapes.
    static let scrapeInterval = "15s"
}
