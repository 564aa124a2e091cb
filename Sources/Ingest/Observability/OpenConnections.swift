internal import Listening
internal import Metrics
internal import Runtime
internal import Synchronization

/// Connections open now, by protocol.
final class OpenConnections: Sendable {
    private let counts = Mutex<[ListenerProtocol: Int]>([:])

    init(registry: PrometheusRegistry) {
        let gauges = ListenerProtocol.allCases.map { kind in
            (
                kind,
                Gauge(
                    label: "gateway_open_connections", dimensions: [("protocol", kind.rawValue)], factory: registry)
            )
        }
        registry.onExposition { [self] in
            let counts = counts.withLock { $0 }
            for (kind, gauge) in gauges { gauge.record(counts[kind] ?? 0) }
        }
    }

    func change(_ kind: ListenerProtocol, by amount: Int) {
        counts.withLock { $0[kind, default: 0] += amount }
    }
}
