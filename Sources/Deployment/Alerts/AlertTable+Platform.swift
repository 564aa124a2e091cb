extension AlertTable {
    var cpu: Alert {
        Alert(
            id: "high-container-cpu", title: "High Container CPU Utilization", severity: .warning,
            meaning: "High CPU usage: it may be necessary to reduce load or increase CPU allocation.",
            steps: [
                "See which process it is (label `job`), and whether it is one client: `gatewayctl status`, the dashboard “Custom Metrics”.",
                "Give it more: `instances.resources.cpu` (ingest) or `instances.forwarderResources.cpu` (forwarder) in `deploy/service.yaml`. Events are safe meanwhile; senders wait longer.",
            ],
            expression: share(
                "rate(process_cpu_seconds_total", "[1m])", of: { $0.cpu }, above: 0.9),
            duration: "10m",
            google: GoogleCondition(
                filter: cloudRun("run.googleapis.com/container/cpu/utilizations"), aligner: "ALIGN_PERCENTILE_99",
                reducer: "REDUCE_MAX", window: 60, threshold: 0.9, duration: 600))
    }

    var memory: Alert {
        Alert(
            id: "high-container-memory", title: "High Container Memory Utilization", severity: .warning,
            meaning: "High memory usage: it may be necessary to reduce load or increase memory allocation.",
            steps: [
                "See which process it is (label `job`). Ingest's memory is bounded by `GATEWAY_IN_FLIGHT_MAXIMUM_BYTES`, `GATEWAY_DUPLICATE_WINDOW_BYTES` and `GATEWAY_UNREAD_ACKNOWLEDGEMENT_MAXIMUM_BYTES` for each stream.",
                "On Cloud Run the spool itself is in memory: look at `gateway_spool_used_bytes`, and at why events wait.",
                "Give it more (`memory` of its resources in `deploy/service.yaml`), or lower one of these bounds.",
            ],
            expression: share(
                "quantile_over_time(0.99, process_resident_memory_bytes", "[5m])", of: { $0.memory.bytes }, above: 0.8),
            google: GoogleCondition(
                filter: cloudRun("run.googleapis.com/container/memory/utilizations"), aligner: "ALIGN_PERCENTILE_99",
                reducer: "REDUCE_MAX", window: 300, threshold: 0.8))
    }

    var startup: Alert {
        let seconds = environment.probes.startupLimit
        return Alert(
            id: "container-startup-latency", title: "Container Startup Latency", severity: .warning,
            meaning: "Service containers are taking longer than configured timeouts to start up.",
            steps: [
                "A start reads segments back to recognise resends, for ten seconds at most: `GATEWAY_DUPLICATE_WINDOW_BYTES` bounds it.",
                "Look at the log between the start and “listening”, and at the latency of the spool's disk.",
            ],
            expression: "gateway_startup_seconds\(both) > \(seconds)",
            google: GoogleCondition(
                filter: cloudRun("run.googleapis.com/container/startup_latencies"), aligner: "ALIGN_PERCENTILE_99",
                reducer: "REDUCE_MAX", window: 60, threshold: Double(seconds) * 1000))
    }

    var pending: Alert {
        Alert(
            id: "pending-requests", title: "Cloud Run Pending Requests", severity: .warning,
            meaning:
                "There are requests pending: we may need to increase instance count, request concurrency, or investigate further.",
            steps: [
                "In the service itself the same is batches that wait for admission (`gateway_waiting_batches`): more bytes are received than the disk takes. Look at `gateway_commit_seconds`.",
                "A slow disk: move the spool, or give it a faster class. A fast disk: raise `GATEWAY_IN_FLIGHT_MAXIMUM_BYTES` or the number of instances.",
            ],
            expression: "sum(max_over_time(gateway_waiting_batches\(ingest)[1m])) > 5",
            google: GoogleCondition(
                filter: cloudRun("run.googleapis.com/pending_queue/pending_requests"), aligner: "ALIGN_SUM",
                reducer: "REDUCE_SUM", window: 60, threshold: 5))
    }

    var precondition: Alert {
        Alert(
            id: "instance-precondition-failed", title: "Cloud Run Instance Precondition Failed", severity: .warning,
            meaning:
                "An instance failed to start due to a precondition failure. This is unlikely to cause immediate downtime, and may auto-resolve if no new instances are created and/or we return to a healthy state, but you should follow up to ensure the latest revision is healthy.",
            steps: [
                "Elsewhere the same is a process that restarts again and again. Its last log line has the exit code: 78 configuration (all problems are in the line), 73 and 74 the spool's disk, 69 another process holds the lock."
            ],
            expression: "changes(process_start_time_seconds\(both)[15m]) > 2",
            google: GoogleCondition(
                filter: cloudRun("logging.googleapis.com/user/\(GooglePolicies.preconditionMetric)"),
                aligner: "ALIGN_MAX", reducer: "REDUCE_SUM", window: 60, threshold: 0, trigger: .any))
    }

    var uptime: Alert {
        let address = environment.domain.map { "https://\($0.name)" } ?? "its address"
        return Alert(
            id: "external-uptime-check", title: "External Uptime Check", severity: .critical,
            meaning:
                "Service is failing to respond on \(address): this may be expected if the service was recently provisioned or if its external domain has changed.",
            steps: [
                "`curl -i \(address)/livez`: no answer is the way there (domain, proxy, load balancer, certificate); an answer is the service.",
                "`curl -H \"Authorization: Bearer $DIAGNOSTICS_SECRET\" \(address)/-/healthz` says what is wrong with the service: no space, a disk that fails, or delivery that is far behind.",
            ],
            expression: "(avg(avg_over_time(up\(ingest)[3m])) or vector(0)) < 0.4",
            google: GoogleCondition(
                filter: [
                    "metric.type = \"monitoring.googleapis.com/uptime_check/check_passed\"",
                    "resource.type = \"uptime_url\"",
                    "resource.label.host = \"\(environment.domain?.name ?? "")\"",
                ], aligner: "ALIGN_FRACTION_TRUE", reducer: "REDUCE_MEAN", window: 180,
                groupBy: "resource.label.host", firesAbove: false, threshold: 0.4, trigger: .all))
    }

    var instanceCount: Alert {
        let most = environment.instances.maximumCount
        return Alert(
            id: "container-instance-count", title: "Container Instance Count", severity: .warning,
            meaning:
                "There are a lot of instances running: we may need to increase per-instance requests to make sure we won't hit the configured max instance count.",
            steps: [
                "`instances.scaling.maxCount` is \(most). Look at what makes them: CPU, requests at once, or one client.",
                "Larger instances serve better than more of them: each has a spool and a forwarder of its own.",
            ],
            expression: "count(up\(ingest) == 1) > \(most - 1)",
            google: GoogleCondition(
                filter: cloudRun("run.googleapis.com/container/instance_count"), aligner: "ALIGN_MAX",
                reducer: "REDUCE_MAX", window: 60, threshold: Double(most - 1)))
    }

    /// A series of each process, against what its container may use.
    private func share(
        _ open: String, _ close: String, of amount: (ResourceSpec) -> Int, above threshold: Double
    ) -> String {
        let instances = environment.instances
        return """
            (
              \(open)\(ingest)\(close) / \(amount(instances.resources))
            or
              \(open)\(forwarder)\(close) / \(amount(instances.forwarderResources))
            ) > \(threshold)
            """
    }
}
