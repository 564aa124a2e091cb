package import GRPCCore

/// The methods of `grpc.health.v1`, by their names on the wire.
package enum HealthMethods {
    private static let service = ServiceDescriptor(fullyQualifiedService: "grpc.health.v1.Health")

    /// The status of one service.
    package static let check = MethodDescriptor(service: service, method: "Check", type: .unary)

    /// The status of every service.
    package static let list = MethodDescriptor(service: service, method: "List", type: .unary)

    /// The status of one service, and its changes.
    package static let watch = MethodDescriptor(service: service, method: "Watch", type: .serverStreaming)
}
