package import Accounts
package import Contract
package import Listening
package import Logging
package import Observing
package import Runtime
package import Store

/// Everything that can be set for `telemetry-ingest`.
package struct IngestConfiguration: Sendable {
    static let diagnosticsSecretKey = "DIAGNOSTICS_SECRET"
    static let licenceKeysKey = "GATEWAY_LICENSE_PUBLIC_KEY_FILE"
    static let licenceEnforcementKey = "GATEWAY_LICENSE_ENFORCEMENT"
    static let certificateKey = "GATEWAY_TLS_CERTIFICATE_FILE"
    static let privateKeyKey = "GATEWAY_TLS_PRIVATE_KEY_FILE"
    static let authoritiesKey = "GATEWAY_TLS_CLIENT_AUTHORITIES_FILE"
    static let requireClientCertificateKey = "GATEWAY_TLS_REQUIRE_CLIENT_CERTIFICATE"

    /// Where to listen.
    package var host: String
    /// The TCP port; 0 for any free one.
    package var port: Int
    /// The spool directory.
    package var spoolDirectory: String
    /// When segments are sealed and how commits are grouped.
    package var segments: SegmentLimits
    /// How much of the disk the spool may take.
    package var space: SpaceSettings
    /// Whether the spool may lie on a network file system.
    package var allowsNetworkFileSystem: Bool
    /// What a stream and a connection may use.
    package var limits: IngestLimits
    /// What the port takes before anything is known of a client.
    package var listenerLimits: ListenerLimits
    /// TLS on the port; nil serves plaintext.
    package var security: ListenerSecurity?
    /// What one HTTP request may use.
    package var httpLimits: OperationsLimits
    /// What the HTTP requests with events may use together.
    var eventsLimits: EventsLimits
    /// How events that come again are recognised: bytes of memory and nanoseconds; 0 bytes for not at all.
    package var duplicateWindow: (bytes: Int, age: Int64)
    /// Whether managed services are believed without a token.
    package var allowUnauthenticatedServices: Bool
    /// Who verifies the tokens of managed services; nil refuses them.
    package var accounts: AccountsConfiguration?
    /// Service ids that get a metric label of their own.
    package var knownServices: [String]
    /// What `/-/healthz` asks for; nil leaves it open.
    package var diagnosticsSecret: String?
    /// How far the forwarder may be behind before `/-/healthz` says so.
    package var maximumLag: Duration
    /// What licence keys are verified with; nil refuses licensed instances.
    package var licences: LicenceVerifier?
    /// What becomes of genuine licences that are expired or disable the export.
    package var licenceEnforcement: LicenceEnforcement
    /// The file of the keys in `licences`.
    var licenceKeysFile: String?
    /// Where spans and errors go.
    package var observing: ObservingConfiguration
    /// Log events below this level are not written.
    package var logLevel: Logger.Level

    /// Declares and reads every key of the process.
    package init(_ reader: inout ConfigurationReader) {
        port = reader.integer(
            "PORT", default: 10085, in: 0...65535, meaning: "TCP port for gRPC and HTTP; 0 for any free port.")
        host = reader.string("GATEWAY_LISTEN_HOST", default: "0.0.0.0", meaning: "IPv4 address to listen on.")
        spoolDirectory = reader.path(
            "GATEWAY_SPOOL_DIRECTORY", default: "var/spool",
            meaning: "The spool: a local directory that ingest and its forwarder share.")
        allowsNetworkFileSystem = PreflightSettings.readAllowsNetwork(&reader)
        segments = .standard
        segments.segmentBytes = reader.byteCount(
            "GATEWAY_SEGMENT_BYTES", default: SegmentLimits.standard.segmentBytes, in: 1 << 20...4 << 30,
            meaning: "A segment that takes this many bytes on disk is sealed and a new one begun.")
        let age = reader.duration(
            "GATEWAY_SEGMENT_AGE", default: .nanoseconds(SegmentLimits.standard.segmentAge),
            in: .seconds(1)...(.seconds(86400)), meaning: "A segment this old is sealed and a new one begun.")
        segments.segmentAge = Int64(age / .nanoseconds(1))
        space = SpaceSettings(&reader, segmentBytes: segments.segmentBytes)
        listenerLimits = ListenerLimits()
        listenerLimits.connections = reader.integer(
            "GATEWAY_MAXIMUM_CONNECTIONS", default: listenerLimits.connections, in: 1...100_000,
            meaning: "Connections open at once; further ones are closed at once and counted.")
        security = Self.readSecurity(&reader)
        httpLimits = OperationsLimits()
        httpLimits.connections = listenerLimits.connections
        httpLimits.bodyBytes = reader.byteCount(
            "GATEWAY_HTTP_BODY_MAXIMUM_BYTES", default: httpLimits.bodyBytes, in: 64 << 10...256 << 20,
            meaning: "Longest body of POST /v1/events, decompressed; longer ones are refused with 413.")
        eventsLimits = EventsLimits()
        eventsLimits.body.bodyBytes = httpLimits.bodyBytes
        eventsLimits.bodyBytesInFlight = max(eventsLimits.bodyBytesInFlight, httpLimits.bodyBytes)
        duplicateWindow = Self.readDuplicateWindow(&reader)
        limits = IngestLimits()
        limits.messageBytes = reader.byteCount(
            "GATEWAY_MESSAGE_MAXIMUM_BYTES", default: limits.messageBytes, in: 4 << 20...1 << 30,
            meaning: "Longest request message; longer ones are refused with RESOURCE_EXHAUSTED.")
        limits.bytesInFlight = reader.byteCount(
            "GATEWAY_IN_FLIGHT_MAXIMUM_BYTES", default: limits.bytesInFlight, in: 1 << 20...4 << 30,
            meaning: "Payload bytes received and not yet durable, over all streams; beyond, streams wait.")
        limits.unreadAcknowledgementBytes = reader.byteCount(
            "GATEWAY_UNREAD_ACKNOWLEDGEMENT_MAXIMUM_BYTES", default: limits.unreadAcknowledgementBytes,
            in: 64 << 10...1 << 30,
            meaning: "Response bytes that one stream may leave unread before it is ended with RESOURCE_EXHAUSTED.")
        limits.streamsPerConnection = reader.integer(
            "GATEWAY_CONNECTION_MAXIMUM_STREAMS", default: limits.streamsPerConnection, in: 1...10000,
            meaning: "Streams open at once on one connection.")
        allowUnauthenticatedServices = reader.boolean(
            "GATEWAY_ALLOW_UNAUTHENTICATED_SERVICES", default: false,
            meaning: "Believe the service id of managed services without a token: for trusted networks and tests only.")
        accounts = AccountsConfiguration(&reader)
        knownServices = reader.list(
            "GATEWAY_KNOWN_SERVICES", default: [],
            meaning: "Service ids with a metric label of their own; all others are counted as `other`.")
        diagnosticsSecret = reader.optionalString(
            Self.diagnosticsSecretKey, meaning: DiagnosticsGuard.secretMeaning, secret: true)
        maximumLag = reader.duration(
            "GATEWAY_HEALTH_MAXIMUM_LAG", default: .seconds(6 * 3600), in: .seconds(60)...(.seconds(365 * 86400)),
            meaning: "/-/healthz fails when an event waits longer for its delivery.")
        licenceEnforcement = reader.choice(
            Self.licenceEnforcementKey, default: .warn,
            meaning: "Genuine licences that are expired or disable the export: accept, log, or refuse.")
        licences = Self.readLicences(&reader)
        licenceKeysFile = reader.keys.first { $0.name == Self.licenceKeysKey }?.value
        observing = ObservingConfiguration(&reader, process: IngestProcess.name)
        logLevel = JSONLogging.readLevel(&reader)
    }

    private static func readSecurity(_ reader: inout ConfigurationReader) -> ListenerSecurity? {
        let certificate = reader.optionalContentPath(
            certificateKey,
            meaning:
                "Serve TLS with this certificate (PEM, its chain behind it); without it, plaintext. Read again when "
                + "it changes.")
        let privateKey = reader.optionalContentPath(
            privateKeyKey, meaning: "The certificate's private key (PEM, not encrypted).")
        let authorities = reader.optionalContentPath(
            authoritiesKey, meaning: "Ask clients for certificates of these authorities (PEM): mutual TLS.")
        let required = reader.boolean(
            requireClientCertificateKey, default: true,
            meaning: "Refuse clients without a certificate; matters only with client authorities.")
        guard let certificate, let privateKey else {
            if certificate != nil {
                reader.addProblem(key: privateKeyKey, message: "is not set, but \(certificateKey) is: set both or none")
            } else if privateKey != nil {
                reader.addProblem(key: certificateKey, message: "is not set, but \(privateKeyKey) is: set both or none")
            } else if authorities != nil {
                reader.addProblem(
                    key: certificateKey, message: "is not set, but \(authoritiesKey) is: TLS needs a certificate")
            }
            return nil
        }
        return ListenerSecurity(
            certificateFile: certificate, privateKeyFile: privateKey, clientAuthoritiesFile: authorities,
            requireClientCertificate: required)
    }

    private static func readDuplicateWindow(_ reader: inout ConfigurationReader) -> (bytes: Int, age: Int64) {
        let bytes = reader.byteCount(
            "GATEWAY_DUPLICATE_WINDOW_BYTES", default: DuplicateDetection.standardBytes, in: 0...1 << 30,
            meaning: "Memory for recognising events that are sent again; 0 stores every one.")
        let age = reader.duration(
            "GATEWAY_DUPLICATE_WINDOW_AGE", default: .nanoseconds(DuplicateDetection.standardAge),
            in: .seconds(1)...(.seconds(30 * 86400)),
            meaning: "How long an event is recognised when it is sent again, if the memory suffices.")
        return (bytes, Int64(age / .nanoseconds(1)))
    }

    private static func readLicences(_ reader: inout ConfigurationReader) -> LicenceVerifier? {
        let name = licenceKeysKey
        let text = reader.optionalFileText(
            name, maximumBytes: LicenceVerifier.maximumFileBytes,
            meaning: "OpenSSH public keys (ssh-rsa, one a line) that sign licence keys; without it, licensed instances "
                + "are refused.")
        guard let text else { return nil }
        do throws(LicencePublicKeyError) {
            return try LicenceVerifier(publicKeysFile: text)
        } catch {
            for problem in error.problems { reader.addProblem(key: name, message: "\(problem)") }
            return nil
        }
    }
}
