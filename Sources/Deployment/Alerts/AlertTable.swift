/// Every alert there is: the seven of the platform before, and those of delivery that it lacked.
package struct AlertTable: Sendable {
    let service: ServiceSpec
    let environment: EnvironmentSpec

    /// - Parameters:
    ///   - service: whose alerts they are.
    ///   - environment: where; thresholds follow its resources.
    package init(service: ServiceSpec, environment: EnvironmentSpec) {
        self.service = service
        self.environment = environment
    }

    /// Alerts on the instances.
    package var platform: [Alert] {
        [cpu, memory, startup, pending, precondition] + (environment.domain == nil ? [] : [uptime])
            + (environment.instances.maximumCount >= Self.leastMaximumCount ? [instanceCount] : [])
    }

    /// Alerts on the events.
    package var delivery: [Alert] { waiting + destinations + accounting + processes }

    /// All of them.
    package var all: [Alert] { platform + delivery }

    /// A bound of instances below this is reached in normal operation.
    private static let leastMaximumCount = 5

    /// Label matchers of one process in this environment.
    func matchers(_ job: String) -> String { "{job=\"\(job)\",environment=\"\(environment.id)\"}" }
    var ingest: String { matchers(Deployed.ingest) }
    var forwarder: String { matchers(Deployed.forwarder) }
    /// Label matchers of both processes.
    var both: String { "{job=~\"\(Deployed.ingest)|\(Deployed.forwarder)\",environment=\"\(environment.id)\"}" }

    /// The filter of a metric of Cloud Run.
    func cloudRun(_ metric: String) -> [String] {
        [
            "metric.type = \"\(metric)\"", "resource.type = \"cloud_run_revision\"",
            "resource.label.service_name = \"\(service.id)\"",
        ]
    }
}
