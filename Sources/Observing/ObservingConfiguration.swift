package import Runtime
internal import Transfer

/// Everything that can be set about traces and error events. Names, values and defaults are those of the OpenTelemetry
/// specification and of Sentry where they have one.
package struct ObservingConfiguration: Sendable {
    /// Nil when no spans are exported.
    package var traces: TraceSettings?
    /// Nil when nobody is told of errors.
    package var errors: ErrorSettings?

    /// Nothing is exported.
    package init() {}

    /// How spans travel; there is one way.
    private enum TraceProtocol: String, CaseIterable { case http = "http/protobuf" }

    private enum TraceExporterName: String, CaseIterable { case otlp, none }

    private enum TraceCompression: String, CaseIterable { case none, gzip }

    private static let endpointKey = "OTEL_EXPORTER_OTLP_ENDPOINT"
    private static let tracesEndpointKey = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
    private static let headersKey = "OTEL_EXPORTER_OTLP_HEADERS"
    private static let resourceKey = "OTEL_RESOURCE_ATTRIBUTES"
    private static let capacityKey = "OTEL_BSP_MAX_QUEUE_SIZE"
    private static let batchKey = "OTEL_BSP_MAX_EXPORT_BATCH_SIZE"
    private static let dsnKey = "SENTRY_DSN"

    /// Declares and reads the keys.
    /// - Parameter process: the name of the executable.
    package init(_ reader: inout ConfigurationReader, process: String) {
        let environment = reader.optionalString(
            "ENVIRONMENT_ID", meaning: "The name of this deployment in traces and error events, for instance prod.")
        traces = Self.traces(&reader, process: process, environment: environment)
        errors = Self.errors(&reader, environment: environment)
    }

    private static func errors(_ reader: inout ConfigurationReader, environment: String?) -> ErrorSettings? {
        let dsn = reader.optionalString(
            dsnKey,
            meaning: "Tell a Sentry-compatible receiver of errors: https://KEY@HOST/PROJECT; without it, only the log "
                + "has them.", secret: true)
        guard let dsn else { return nil }
        do throws(SentryDSN.Problem) {
            return ErrorSettings(dsn: try SentryDSN(dsn), environment: environment)
        } catch {
            reader.addProblem(key: dsnKey, message: error.message)
            return nil
        }
    }

    private static func traces(
        _ reader: inout ConfigurationReader, process: String, environment: String?
    ) -> TraceSettings? {
        let base = reader.optionalString(
            endpointKey, meaning: "Export spans to this receiver of OTLP over HTTP, below it at /v1/traces.")
        let own = reader.optionalString(
            tracesEndpointKey, meaning: "Export spans to exactly this URL; outranks \(endpointKey).")
        let headers = pairs(
            headersKey, meaning: "Headers of each request with spans: name=value,…, percent-encoded.", secret: true,
            &reader)
        let timeout = reader.integer(
            "OTEL_EXPORTER_OTLP_TIMEOUT", default: 10_000, in: 1...600_000, unit: "ms",
            meaning: "For one request with spans.")
        let compression = reader.choice(
            "OTEL_EXPORTER_OTLP_COMPRESSION", default: TraceCompression.none,
            meaning: "How requests with spans are compressed.")
        _ = reader.choice(
            "OTEL_EXPORTER_OTLP_PROTOCOL", default: TraceProtocol.http, meaning: "How spans are exported.")
        let exporter = reader.choice(
            "OTEL_TRACES_EXPORTER", default: TraceExporterName.otlp, meaning: "none exports no spans.")
        let isDisabled = reader.boolean("OTEL_SDK_DISABLED", default: false, meaning: "true exports no spans.")
        let service = reader.optionalString(
            "OTEL_SERVICE_NAME",
            meaning: "The attribute service.name of the spans; without it, the name of the executable.")
        let attributes = pairs(
            resourceKey, meaning: "Further attributes of this process: name=value,…, percent-encoded.", secret: false,
            &reader)
        let sampler = readSampler(&reader)
        let limits = readLimits(&reader)

        guard let endpoint = endpoint(base: base, own: own, &reader) else { return nil }
        if endpoint.isPlaintext, !endpoint.isLoopback, !headers.isEmpty {
            reader.addWarning("\(headersKey) travels unencrypted to \(endpoint.authority): use https://")
        }
        guard !isDisabled, exporter == .otlp else { return nil }
        var settings = TraceSettings(endpoint: endpoint)
        settings.headers = headers.map { HTTPTransferRequest.Header($0.name, $0.value) }
        settings.timeout = .milliseconds(timeout)
        settings.compresses = compression == .gzip
        settings.sampler = sampler
        settings.limits = limits
        settings.resource = resource(process: process, service: service, environment: environment, attributes)
        return settings
    }

    private static func endpoint(base: String?, own: String?, _ reader: inout ConfigurationReader) -> PeerURL? {
        guard let (key, text) = own.map({ (tracesEndpointKey, $0) }) ?? base.map({ (endpointKey, $0) }) else {
            return nil
        }
        do throws(PeerURL.Problem) {
            // A collector beside the gateway speaks plain HTTP as a rule, and spans are no secrets.
            let url = try PeerURL(text, allowInsecure: true, adviceOnPlaintext: "")
            return own == nil ? url.appending("/v1/traces") : url
        } catch {
            reader.addProblem(key: key, message: error.message)
            return nil
        }
    }

    private static func readSampler(_ reader: inout ConfigurationReader) -> TraceSampler {
        let name = reader.choice(
            "OTEL_TRACES_SAMPLER", default: TraceSampler.Name.parentOrRatio,
            meaning:
                "Which traces are recorded: parentbased_… does what the sender's traceparent says, if there is one.")
        let ratio = reader.read(
            ConfigurationDeclaration(
                name: "OTEL_TRACES_SAMPLER_ARG", type: "number", allowed: "from 0 to 1",
                meaning: "The share of the traces that a sampler with traceidratio records."),
            default: TraceSampler.standardRatio,
            parse: { text in Double(text).flatMap { (0...1).contains($0) ? $0 : nil } }, format: { "\($0)" })
        return TraceSampler(name, ratio: ratio ?? TraceSampler.standardRatio)
    }

    private static func readLimits(_ reader: inout ConfigurationReader) -> OutboxLimits {
        let interval = reader.integer(
            "OTEL_BSP_SCHEDULE_DELAY", default: 5000, in: 1...600_000, unit: "ms",
            meaning: "Spans wait this long for others to share a request.")
        let capacity = reader.integer(
            capacityKey, default: 2048, in: 1...1_000_000, meaning: "Spans that wait; more are dropped and counted.")
        let batch = reader.integer(
            batchKey, default: min(512, capacity), in: 1...100_000, meaning: "Spans in one request.")
        if batch > capacity, reader.isSound(capacityKey, batchKey) {
            reader.addProblem(key: batchKey, message: "is above \(capacityKey): a request could never be full")
        }
        return OutboxLimits(
            capacity: capacity, batch: batch, interval: .milliseconds(interval), attempts: 5)
    }

    private static func pairs(
        _ key: String, meaning: String, secret: Bool, _ reader: inout ConfigurationReader
    ) -> [(name: String, value: String)] {
        guard let text = reader.optionalString(key, meaning: meaning, secret: secret) else { return [] }
        guard let pairs = KeyValueText.parse(text),
            // Anything else would end or add a header line.
            !secret || pairs.allSatisfy({ isClean($0.name) && isClean($0.value) })
        else {
            reader.addProblem(key: key, message: "is no list of name=value, separated by commas, percent-encoded")
            return []
        }
        return pairs
    }

    private static func isClean(_ text: String) -> Bool { text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }

    private static func resource(
        process: String, service: String?, environment: String?, _ attributes: [(name: String, value: String)]
    ) -> [(name: String, value: String)] {
        var resource: [(name: String, value: String)] = [
            ("service.name", service ?? process), ("service.version", GatewayVersion.current),
            ("host.name", HostName.current),
            ("process.executable.name", process), ("telemetry.sdk.name", "telemetry-gateway"),
            ("telemetry.sdk.language", "swift"), ("telemetry.sdk.version", GatewayVersion.current),
        ]
        if let environment { resource.append(("deployment.environment.name", environment)) }
        // What is set by hand counts, but the name has a key of its own.
        for attribute in attributes where attribute.name != "service.name" || service == nil {
            resource.removeAll { $0.name == attribute.name }
            resource.append(attribute)
        }
        return resource
    }
}
