/// Whether a service takes calls.
package enum ServingStatus: Sendable, Equatable {
    /// It takes calls.
    case serving
    /// It does not, yet or any more.
    case notServing

    /// As the health protocol says it.
    var onWire: Grpc_Health_V1_HealthCheckResponse.ServingStatus {
        switch self {
        case .serving: .serving
        case .notServing: .notServing
        }
    }
}
