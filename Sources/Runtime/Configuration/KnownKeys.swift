/// Every name that any process of this project reads, because all of them share one environment and one file.
///
/// A room that adds a key adds its name here; the rooms' tests compare their declarations with this list.
package enum KnownKeys {
    /// Keys that both processes read.
    package static let shared: Set<String> = [
        "GATEWAY_LOG_LEVEL", "GATEWAY_SPOOL_DIRECTORY", "GATEWAY_SPOOL_QUOTA_BYTES", "GATEWAY_SPOOL_RESERVE_BYTES",
    ]

    /// Keys of telemetry-ingest.
    package static let ingest: Set<String> = [
        "PORT", "GATEWAY_ALLOW_INSECURE_ACCOUNT_SERVICE", "GATEWAY_ALLOW_UNAUTHENTICATED_SERVICES",
        "GATEWAY_CLIENT_SHARE", "GATEWAY_CONNECTION_MAXIMUM_STREAMS",
        "DIAGNOSTICS_SECRET", "GATEWAY_DUPLICATE_WINDOW_AGE", "GATEWAY_DUPLICATE_WINDOW_BYTES",
        "GATEWAY_HEALTH_MAXIMUM_LAG", "GATEWAY_HTTP_BODY_MAXIMUM_BYTES", "GATEWAY_IN_FLIGHT_MAXIMUM_BYTES",
        "GATEWAY_KNOWN_SERVICES", "GATEWAY_LICENSE_ENFORCEMENT", "GATEWAY_LICENSE_PUBLIC_KEY_FILE",
        "GATEWAY_LISTEN_HOST", "GATEWAY_MAXIMUM_CONNECTIONS", "GATEWAY_TLS_CERTIFICATE_FILE",
        "GATEWAY_TLS_CLIENT_AUTHORITIES_FILE", "GATEWAY_TLS_PRIVATE_KEY_FILE", "GATEWAY_TLS_REQUIRE_CLIENT_CERTIFICATE",
        "GATEWAY_MESSAGE_MAXIMUM_BYTES",
        "GATEWAY_SEGMENT_AGE", "GATEWAY_SEGMENT_BYTES", "GATEWAY_UNREAD_ACKNOWLEDGEMENT_MAXIMUM_BYTES",
        "GATEWAY_TOKEN_GRACE", "GATEWAY_TOKEN_INTROSPECTION", "GATEWAY_TOKEN_INTROSPECTION_URL", "SAMS_URL",
        "TELEMETRY_GATEWAY_SAMS_CLIENT_ID", "TELEMETRY_GATEWAY_SAMS_CLIENT_SECRET",
        "TELEMETRY_GATEWAY_SAMS_SERVER_URL",
    ]

    /// Keys of telemetry-forwarder.
    package static let forwarder: Set<String> = [
        "GATEWAY_DESTINATIONS", "GATEWAY_FILE_MAXIMUM_AGE", "GATEWAY_FILE_MAXIMUM_BYTES", "GATEWAY_FORWARDER_HOST",
        "GATEWAY_EVENT_MAXIMUM_AGE", "GATEWAY_RETENTION", "GATEWAY_RETENTION_SHARE",
        "GATEWAY_FORWARDER_PORT", "PUBSUB_EMULATOR_HOST", "TELEMETRY_GATEWAY_EVENTS_PUBSUB_ENABLED",
        "TELEMETRY_GATEWAY_EVENTS_PUBSUB_PROJECT_ID", "TELEMETRY_GATEWAY_EVENTS_PUBSUB_TOPIC_ID",
    ]

    /// Names that the architecture page promises and that no process reads yet.
    package static let reserved: Set<String> = [
        "GOOGLE_APPLICATION_CREDENTIALS", "TELEMETRY_GATEWAY_EVENTS_STREAM_PUBLISH_CONCURRENCY",
    ]

    /// All of them.
    package static let all = shared.union(ingest).union(forwarder).union(reserved)
}
