internal import RPC
internal import Runtime
internal import ServiceLifecycle

/// Tells the gRPC health service what `/readyz` tells.
struct HealthMonitor: Service {
    /// How often it looks.
    static let interval = Duration.seconds(2)

    let status: HealthStatus
    let readiness: @Sendable () async -> [ReadinessProblem]

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                status.setAll(await readiness().isEmpty ? .serving : .notServing)
                try await Task.sleep(for: Self.interval)
            }
        }
        status.setAll(.notServing)
    }
}
