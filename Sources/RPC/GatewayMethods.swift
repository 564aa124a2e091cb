package import GRPCCore

/// The methods of `telemetrygateway.v1`, by their names on the wire.
package enum GatewayMethods {
    /// The full name of the service. "Telemetery" is how it stands on the wire.
    package static let serviceName = "telemetrygateway.v1.TelemeteryGatewayService"

    private static let service = ServiceDescriptor(fullyQualifiedService: serviceName)

    /// Bulk export: metadata first, then events messages, each answered in order.
    package static let recordEvents = MethodDescriptor(
        service: service, method: "RecordEvents", type: .bidirectionalStreaming)

    /// One event of a managed service.
    package static let recordEvent = MethodDescriptor(service: service, method: "RecordEvent", type: .unary)
}
