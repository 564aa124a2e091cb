package import GRPCCore

/// The methods of `telemetrygateway.v1`, by their names on the wire.
package enum GatewayMethods {
    /// "Telemetery" is how it stands on the wire.
    private static let service = ServiceDescriptor(
        fullyQualifiedService: "telemetrygateway.v1.TelemeteryGatewayService")

    /// Bulk export: metadata first, then events messages, each answered in order.
    package static let recordEvents = MethodDescriptor(
        service: service, method: "RecordEvents", type: .bidirectionalStreaming)

    /// One event of a managed service.
    package static let recordEvent = MethodDescriptor(service: service, method: "RecordEvent", type: .unary)
}
