/// The alerts of one environment as Prometheus rules.
struct PrometheusRules {
    let deployment: DeploymentRenderer
    let environment: EnvironmentSpec

    private var table: AlertTable { AlertTable(service: deployment.spec.service, environment: environment) }

    func files() -> [RenderedFile] {
        [
            RenderedFile(
                path: "deploy/monitoring/prometheus/\(environment.id).rules.yaml",
                content: YAMLDocument.text(
                    head: deployment.head(
                        "Series need the labels job (\(Deployed.ingest), \(Deployed.forwarder)) and environment (\(environment.id)).",
                        "What to do about each alert: docs/operations.md. Tested by promtool: Tests/DeployChecks."),
                    [groups]))
        ]
    }

    /// The groups of a rule file, which are also what the Prometheus operator wants.
    var groups: DocumentValue {
        [
            "groups": [
                ["name": .text("\(deployment.spec.service.id)-platform"), "rules": .list(table.platform.map(rule))],
                ["name": .text("\(deployment.spec.service.id)-delivery"), "rules": .list(table.delivery.map(rule))],
            ]
        ]
    }

    private func rule(_ alert: Alert) -> DocumentValue {
        .object([
            "alert": .text(alert.ruleName), "expr": .text(alert.expression),
            "for": alert.duration.map { .text($0) },
            "labels": [
                "severity": .text(alert.severity.rawValue), "service": .text(deployment.spec.service.id),
                "environment": .text(environment.id),
            ],
            "annotations": [
                "summary": .text(alert.title), "description": .text(alert.meaning),
                "runbook": .text("docs/operations.md#\(alert.id)"),
            ],
        ])
    }
}
