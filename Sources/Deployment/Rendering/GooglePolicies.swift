/// The alerts of one environment as policies of Google Cloud Monitoring, and what two of them need.
struct GooglePolicies {
    /// The metric that counts instances which could not start, from the log.
    static let preconditionMetric = "msp.sourcegraph.com/cloud_run_precondition_failed"
    private static let autoCloseSeconds = 24 * 3600

    let deployment: DeploymentRenderer
    let environment: EnvironmentSpec

    private var id: String { deployment.spec.service.id }
    private var directory: String { "deploy/monitoring/google/\(environment.id)" }

    func files() -> [RenderedFile] {
        let table = AlertTable(service: deployment.spec.service, environment: environment)
        let policies = table.platform.compactMap { alert in
            alert.google.map { file("alert-policy-\(alert.id)", policy(alert, $0)) }
        }
        return policies + [file("log-metric-precondition-failed", logMetric)]
            + (environment.domain.map { [file("uptime-check", uptimeCheck($0))] } ?? [])
    }

    private func file(_ name: String, _ value: DocumentValue) -> RenderedFile {
        RenderedFile(path: "\(directory)/\(name).json", content: JSONDocument.text(value))
    }

    private func policy(_ alert: Alert, _ condition: GoogleCondition) -> DocumentValue {
        .object([
            "displayName": .text(alert.title),
            "documentation": [
                "content": .text(
                    "\(alert.meaning)\n\nWhat to do: docs/operations.md#\(alert.id)\n\n\(deployment.head()[0])"),
                "mimeType": "text/markdown",
            ],
            "userLabels": [
                "source": "gatewayctl-generate", "msp_alert_id": .text(alert.id), "msp_service_id": .text(id),
                "msp_environment_id": .text(environment.id),
            ],
            "combiner": "OR",
            "conditions": [["displayName": .text(alert.title), "conditionThreshold": threshold(condition)]],
            "alertStrategy": ["autoClose": .text("\(Self.autoCloseSeconds)s")],
            "severity": .text(alert.severity.rawValue.uppercased()),
            "notificationChannels": environment.alerting.notificationChannels.isEmpty
                ? nil : .list(environment.alerting.notificationChannels.map { .text($0) }),
            "enabled": true,
        ])
    }

    private func threshold(_ condition: GoogleCondition) -> DocumentValue {
        let trigger: DocumentValue? =
            switch condition.trigger {
            case .unset: nil
            case .any: ["count": 1]
            case .all: ["percent": 100]
            }
        return .object([
            "filter": .text(condition.filter.joined(separator: " AND ")),
            "aggregations": [
                [
                    "alignmentPeriod": .text("\(condition.window)s"), "perSeriesAligner": .text(condition.aligner),
                    "crossSeriesReducer": .text(condition.reducer), "groupByFields": [.text(condition.groupBy)],
                ]
            ],
            "comparison": condition.firesAbove ? "COMPARISON_GT" : "COMPARISON_LT",
            "thresholdValue": condition.threshold == condition.threshold.rounded()
                ? .integer(Int(condition.threshold)) : .number(condition.threshold),
            "duration": .text("\(condition.duration)s"),
            "trigger": trigger,
        ])
    }

    /// For `gcloud logging metrics create NAME --config-from-file`.
    private var logMetric: DocumentValue {
        [
            "name": .text(Self.preconditionMetric),
            "description": .text("Instances of \(id) that could not start. \(deployment.head()[0])"),
            "filter": .text(
                "resource.type=\"cloud_run_revision\" AND resource.labels.service_name=\"\(id)\" "
                    + "AND protoPayload.status.code=\"9\""),
            "metricDescriptor": ["metricKind": "DELTA", "valueType": "INT64"],
        ]
    }

    /// The body of `projects.uptimeCheckConfigs.create`, with the secret left to whoever sends it.
    private func uptimeCheck(_ domain: DomainSpec) -> DocumentValue {
        let asksHealth = environment.probes.enabled
        return .object([
            "displayName": .text("External Uptime Check for \(domain.name)"),
            "monitoredResource": [
                "type": "uptime_url",
                "labels": ["project_id": .text(environment.projectID), "host": .text(domain.name)],
            ],
            "httpCheck": .object([
                "requestMethod": "GET", "path": asksHealth ? "/-/healthz" : "/", "port": 443, "useSsl": true,
                "validateSsl": true,
                "headers": asksHealth ? ["Authorization": "Bearer ${DIAGNOSTICS_SECRET}"] : nil,
                "maskHeaders": asksHealth ? true : nil,
                "acceptedResponseStatusCodes": [["statusClass": "STATUS_CLASS_2XX"]],
            ]),
            "period": "60s", "timeout": .text("\(environment.probes.timeout)s"),
            "userLabels": ["source": "gatewayctl-generate", "msp_environment_id": .text(environment.id)],
        ])
    }
}
