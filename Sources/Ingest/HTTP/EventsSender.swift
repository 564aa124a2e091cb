internal import Contract
internal import Runtime
internal import SwiftProtobuf

/// Who sends a request with events, as its headers say; the token is not checked here.
struct EventsSender: Sendable, Hashable {
    /// From `X-Service-Id`; not empty.
    let serviceID: String
    /// From `X-Service-Environment`; nil when it is not sent or empty.
    let environment: String?
    /// From `X-Request-Id`, or made up.
    let requestID: String

    /// - Parameter limit: longest value in bytes.
    init(_ headers: OperationsHeaders, limit: Int) throws(EventsProblem) {
        guard let serviceID = try Self.value("X-Service-Id", headers, limit) else { throw .serviceIDMissing }
        self.serviceID = serviceID
        environment = try Self.value("X-Service-Environment", headers, limit)
        requestID = try Self.value("X-Request-Id", headers, limit) ?? Self.newRequestID()
    }

    /// The sender as the rest of ingest knows it.
    var identity: Identity { .managedService(serviceID: serviceID, environment: environment) }

    /// An encoded `RecordEventsRequestMetadata`; nil never happens with text that came as text.
    var metadata: [UInt8]? {
        var metadata = Telemetrygateway_V1_RecordEventsRequestMetadata()
        metadata.requestID = requestID
        metadata.identifier.managedService.serviceID = serviceID
        if let environment { metadata.identifier.managedService.serviceEnvironment = environment }
        return try? metadata.serializedBytes()
    }

    private static func value(
        _ name: String, _ headers: OperationsHeaders, _ limit: Int
    ) throws(EventsProblem) -> String? {
        let values = headers[name.lowercased()]
        guard values.count <= 1 else { throw .headerRepeated(name) }
        guard let value = values.first, !value.isEmpty else { return nil }
        guard value.utf8.count <= limit else { throw .headerTooLong(name, limit: limit) }
        return value
    }

    private static func newRequestID() -> String {
        var generator = SystemRandomNumberGenerator()
        return String(generator.next(), radix: 36) + String(generator.next(), radix: 36)
    }
}
