internal import Listening
internal import Metrics
internal import Runtime

/// What the one port counts.
struct ListenerMetrics: Sendable {
    private let registry: PrometheusRegistry

    init(registry: PrometheusRegistry) {
        self.registry = registry
        for (name, help) in [
            ("gateway_connections_accepted", "Connections by the protocol that they speak."),
            ("gateway_open_connections", "Connections open now, by the protocol that they speak."),
            ("gateway_refused_connections", "Connections and requests that the port refused or ended by itself."),
            ("gateway_certificate_not_after_seconds", "When the certificate in use ends, in seconds since 1970."),
            ("gateway_certificate_reloads", "Changed certificate files, by whether they are in use now."),
        ] { MetricDescriptions.shared.describe(name, help: help) }
    }

    /// An observer that counts.
    var observer: ListenerObserver {
        let accepted = counters("gateway_connections_accepted", label: "protocol", ListenerProtocol.self)
        let refused = counters("gateway_refused_connections", label: "reason", ListenerRefusal.self)
        let open = OpenConnections(registry: registry)
        let reloads = [true, false].map {
            Counter(label: "gateway_certificate_reloads", dimensions: [("accepted", "\($0)")], factory: registry)
        }
        var observer = ListenerObserver()
        observer.opened = {
            accepted[$0]?.increment()
            open.change($0, by: 1)
        }
        observer.closed = { open.change($0, by: -1) }
        observer.refused = { refused[$0]?.increment() }
        observer.certificateReloaded = { reloads[$0 ? 0 : 1].increment() }
        return observer
    }

    /// Sets the end of the certificate in use whenever the registry is read. Without TLS there is no such series.
    static func refreshExpiry(of reloader: CertificateReloader, before registry: PrometheusRegistry) {
        let gauge = Gauge(label: "gateway_certificate_not_after_seconds", factory: registry)
        registry.onExposition { gauge.record(reloader.notAfter) }
    }

    private func counters<Kind: RawRepresentable<String> & CaseIterable & Hashable>(
        _ name: String, label: String, _ kind: Kind.Type
    ) -> [Kind: Counter] {
        Dictionary(
            uniqueKeysWithValues: Kind.allCases.map {
                ($0, Counter(label: name, dimensions: [(label, $0.rawValue)], factory: registry))
            })
    }
}
