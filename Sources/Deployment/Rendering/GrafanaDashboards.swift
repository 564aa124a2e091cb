/// Two dashboards of Grafana, for all environments.
struct GrafanaDashboards {
    static let directory = "deploy/monitoring/grafana"

    let deployment: DeploymentRenderer

    func files() -> [RenderedFile] {
        [
            RenderedFile(
                path: "\(Self.directory)/custom-metrics.json",
                content: JSONDocument.text(
                    dashboard("custom-metrics", "\(deployment.spec.service.name) - Custom Metrics", Self.customMetrics))
            ),
            RenderedFile(
                path: "\(Self.directory)/delivery.json",
                content: JSONDocument.text(
                    dashboard("delivery", "\(deployment.spec.service.name) - Delivery", Self.delivery))),
        ]
    }

    private func dashboard(_ name: String, _ title: String, _ panels: [DashboardPanel]) -> DocumentValue {
        [
            "description": .text(deployment.head()[0]),
            "uid": .text("\(deployment.spec.service.id)-\(name)"), "title": .text(title),
            "tags": [.text(deployment.spec.service.id)], "timezone": "utc", "schemaVersion": 39, "editable": false,
            "refresh": "30s", "time": ["from": "now-6h", "to": "now"],
            "templating": [
                "list": [
                    [
                        "name": "datasource", "label": "Data source", "type": "datasource", "query": "prometheus",
                    ],
                    [
                        "name": "environment", "label": "Environment", "type": "custom",
                        "query": .text(deployment.environments.joined(separator: ",")),
                        "current": [
                            "text": .text(deployment.environments.last ?? ""),
                            "value": .text(deployment.environments.last ?? ""),
                        ],
                    ],
                ]
            ],
            "panels": .list(panels.enumerated().map { $1.document(index: $0) }),
        ]
    }
}
