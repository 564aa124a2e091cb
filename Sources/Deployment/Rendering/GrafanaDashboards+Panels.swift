extension GrafanaDashboards {
    private static let here = "environment=\"$environment\""

    /// How much comes, from whom, and how large it is.
    static var customMetrics: [DashboardPanel] {
        let processed = "telemetry_gateway_record_events_processed_events_total"
        let single = "telemetry_gateway_record_event_processed_events_total"
        return [
            DashboardPanel(
                title: "Event volume by source", description: "Events of streams a second, recorded or refused.",
                unit: "eps",
                queries: [("sum by (source) (rate(\(processed){\(here)}[$__rate_interval]))", "{{source}}")]),
            DashboardPanel(
                title: "Events by result", description: "How the batches of these events ended.", unit: "eps",
                queries: [
                    (
                        "sum by (result, succeeded) (rate(\(processed){\(here)}[$__rate_interval]))",
                        "{{result}}, succeeded {{succeeded}}"
                    )
                ]),
            DashboardPanel(
                title: "Single events by source", description: "Calls with one event a second.", unit: "eps",
                queries: [
                    (
                        "sum by (source, error) (rate(\(single){\(here)}[$__rate_interval]))",
                        "{{source}}, error {{error}}"
                    )
                ]),
            DashboardPanel(
                title: "Events in the last day by source", description: "The volume of 24 hours.", kind: .number,
                queries: [("sum by (source) (increase(\(processed){\(here)}[1d]))", "{{source}}")]),
            distribution(
                "Events of a stream", "telemetry_gateway_record_events_total_length", "One export of an instance."),
            quantiles(
                "Events of a stream by source", "telemetry_gateway_record_events_total_length", by: "source",
                "Median and 99th percentile."),
            distribution(
                "Events of a batch", "telemetry_gateway_record_events_payload_length", "One message of a stream."),
            quantiles(
                "Events of a batch by source", "telemetry_gateway_record_events_payload_length", by: "source",
                "Median and 99th percentile."),
            distribution(
                "Message size", "telemetry_gateway_pubsub_published_message_size_bytes", "Bytes of one event as JSON.",
                unit: "bytes"),
            quantiles(
                "Message size by destination", "telemetry_gateway_pubsub_published_message_size_bytes",
                by: "destination",
                "Median and 99th percentile.", unit: "bytes"),
            DashboardPanel(
                title: "Quarantined events by rule", description: "Kept, acknowledged and not delivered.", unit: "eps",
                queries: [
                    (
                        "sum by (reason) (rate(gateway_quarantined_events_total{\(here)}[$__rate_interval]))",
                        "{{reason}}"
                    )
                ]),
            DashboardPanel(
                title: "Refused calls by reason", description: "Nothing of these was recorded.", unit: "cps",
                queries: [
                    ("sum by (reason) (rate(gateway_refused_calls_total{\(here)}[$__rate_interval]))", "{{reason}}")
                ]),
            DashboardPanel(
                title: "Resends", description: "Events that came again and were acknowledged again.", unit: "eps",
                queries: [("sum(rate(gateway_duplicate_events_total{\(here)}[$__rate_interval]))", "duplicates")]),
            DashboardPanel(
                title: "Connections", description: "Open now, by protocol.",
                queries: [("sum by (protocol) (gateway_open_connections{\(here)})", "{{protocol}}")]),
        ]
    }

    /// What becomes of the events.
    static var delivery: [DashboardPanel] {
        [
            DashboardPanel(
                title: "In and out", description: "Events a second that became durable, and that were delivered.",
                unit: "eps",
                queries: [
                    ("sum(rate(gateway_commit_events_sum{\(here)}[$__rate_interval]))", "in"),
                    (
                        "sum by (destination) (rate(gateway_delivered_events_total{\(here)}[$__rate_interval]))",
                        "out {{destination}}"
                    ),
                ]),
            DashboardPanel(
                title: "Backlog", description: "Events that wait.",
                queries: [("sum by (destination) (gateway_backlog_events{\(here)})", "{{destination}}")]),
            DashboardPanel(
                title: "Age of the oldest event", description: "Alert above 15 minutes.", unit: "s",
                queries: [("max by (destination) (gateway_backlog_oldest_age_seconds{\(here)})", "{{destination}}")]),
            DashboardPanel(
                title: "Time to empty and to full", description: "At the rates of now; nothing where it is never.",
                unit: "s",
                queries: [
                    ("max by (destination) (gateway_time_to_empty_seconds{\(here)} < Inf)", "empty {{destination}}"),
                    ("min(gateway_spool_time_to_full_seconds{\(here)} < Inf)", "full"),
                ]),
            DashboardPanel(
                title: "Breaker", description: "0 closed, 1 half open, 2 open.",
                queries: [("max by (destination) (gateway_breaker_state{\(here)})", "{{destination}}")]),
            DashboardPanel(
                title: "Failed requests", description: "Requests a second that were not taken, by reason.",
                unit: "reqps",
                queries: [
                    (
                        "sum by (destination, reason) (rate(gateway_failed_requests_total{\(here)}[$__rate_interval]))",
                        "{{destination}} {{reason}}"
                    )
                ]),
            quantiles(
                "Latency of a request", "gateway_delivery_request_seconds", by: "destination",
                "Of those that were taken.", unit: "s"),
            DashboardPanel(
                title: "Requests at once", description: "Allowed, and under way.",
                queries: [
                    ("sum by (destination) (gateway_delivery_concurrency{\(here)})", "allowed {{destination}}"),
                    (
                        "sum by (destination) (gateway_delivery_requests_in_flight{\(here)})",
                        "under way {{destination}}"
                    ),
                ]),
            DashboardPanel(
                title: "Dead letters", description: "Not delivered, and how near they are to a bound.",
                queries: [
                    ("sum by (destination) (gateway_dead_letters{\(here)})", "{{destination}}"),
                    ("max by (destination) (gateway_dead_letter_bound_ratio{\(here)})", "bound {{destination}}"),
                ]),
            DashboardPanel(
                title: "Commit latency", description: "Of a group, its fsync included.", unit: "s",
                queries: [
                    (
                        "histogram_quantile(0.5, sum by (le) (rate(gateway_commit_seconds_bucket{\(here)}[$__rate_interval])))",
                        "median"
                    ),
                    (
                        "histogram_quantile(0.99, sum by (le) (rate(gateway_commit_seconds_bucket{\(here)}[$__rate_interval])))",
                        "99th percentile"
                    ),
                ]),
            DashboardPanel(
                title: "Spool", description: "What it takes and what it may take.", unit: "bytes",
                queries: [
                    ("sum(gateway_spool_used_bytes{\(here)})", "used"),
                    ("sum(gateway_spool_retained_bytes{\(here)})", "retained"),
                    ("sum(gateway_spool_quota_bytes{\(here)})", "quota"),
                ]),
            DashboardPanel(
                title: "Waiting for the disk",
                description: "Bytes received and not durable, and batches that wait for them.",
                queries: [
                    ("sum(gateway_bytes_in_flight{\(here)})", "bytes"),
                    ("sum(gateway_waiting_batches{\(here)})", "batches"),
                ]),
            DashboardPanel(
                title: "Lost", description: "Anything above 0 is an incident.", kind: .number,
                queries: [("sum(events_lost_total{\(here)})", "events lost")]),
            DashboardPanel(
                title: "Audit", description: "Anything but 0 is an incident.", kind: .number,
                queries: [("sum by (destination) (gateway_audit_difference_events{\(here)})", "{{destination}}")]),
            DashboardPanel(
                title: "CPU", description: "Processors in use.",
                queries: [("rate(process_cpu_seconds_total{\(here)}[$__rate_interval])", "{{job}} {{instance}}")]),
            DashboardPanel(
                title: "Memory", description: "Resident.", unit: "bytes",
                queries: [("process_resident_memory_bytes{\(here)}", "{{job}} {{instance}}")]),
        ]
    }

    private static func distribution(
        _ title: String, _ metric: String, _ description: String, unit: String = "short"
    ) -> DashboardPanel {
        DashboardPanel(
            title: title, description: description, kind: .distribution, unit: unit,
            queries: [("sum by (le) (increase(\(metric)_bucket{\(here)}[$__rate_interval]))", "{{le}}")])
    }

    private static func quantiles(
        _ title: String, _ metric: String, by label: String, _ description: String, unit: String = "short"
    ) -> DashboardPanel {
        func quantile(_ share: String) -> String {
            "histogram_quantile(\(share), sum by (le, \(label)) (rate(\(metric)_bucket{\(here)}[$__rate_interval])))"
        }
        return DashboardPanel(
            title: title, description: description, unit: unit,
            queries: [
                (quantile("0.5"), "median {{\(label)}}"), (quantile("0.99"), "99th percentile {{\(label)}}"),
            ])
    }
}
