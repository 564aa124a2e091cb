extension AlertTable {
    /// What waits, and the room for it.
    var waiting: [Alert] {
        [
            Alert(
                id: "oldest-event-waiting", title: "Oldest Event Waiting", severity: .warning,
                meaning: "An event has waited for more than 15 minutes for its delivery.",
                steps: [
                    "`gatewayctl status`: is the destination failing (breaker, last error), paused, or just slower than what comes in (time to empty)?",
                    "Nothing is lost while there is room: see “Spool Time To Full”.",
                ],
                expression: "gateway_backlog_oldest_age_seconds\(forwarder) > 900", duration: "5m"),
            Alert(
                id: "delivery-far-behind", title: "Delivery Far Behind", severity: .critical,
                meaning:
                    "An event has waited for more than 4 hours. `/-/healthz` fails at `GATEWAY_HEALTH_MAXIMUM_LAG`, which is 6 hours unless it is set.",
                steps: [
                    "As for “Oldest Event Waiting”; tell the analysts, whose reports lack these hours.",
                    "A destination that is up and stays slow: `gateway_delivery_concurrency` says how many requests it is given, `gateway_failed_requests_total` why not more.",
                ],
                expression: "gateway_backlog_oldest_age_seconds\(forwarder) > 14400", duration: "5m"),
            Alert(
                id: "spool-time-to-full", title: "Spool Time To Full", severity: .warning,
                meaning:
                    "At the growth of now the spool has no room left in less than 6 hours. Ingest then asks senders to wait.",
                steps: [
                    "Mend the delivery (`gatewayctl status`), which is the usual cause.",
                    "Or make room: a larger volume and quota (`spool.size`, `GATEWAY_SPOOL_QUOTA_BYTES`), fewer retained segments (`GATEWAY_RETENTION`). One client that sends too much is held to `GATEWAY_CLIENT_SHARE`.",
                ],
                expression: "gateway_spool_time_to_full_seconds\(forwarder) < 21600", duration: "10m"),
            Alert(
                id: "spool-refusing", title: "Spool Refusing", severity: .critical,
                meaning:
                    "The spool is full: every batch is refused, and senders are asked to come again later. What they have is safe with those that keep it; services without a queue lose events.",
                steps: [
                    "`gatewayctl status`: what waits, and for which destination? Mend it; the backlog then makes room by itself.",
                    "If it can not be mended now: enlarge the volume and the quota.",
                ],
                expression: "gateway_spool_refusing\(ingest) > 0", duration: "1m"),
        ]
    }

    /// What destinations do.
    var destinations: [Alert] {
        [
            Alert(
                id: "breaker-open", title: "Breaker Open", severity: .warning,
                meaning: "A destination has taken nothing for 10 minutes and is only probed.",
                steps: [
                    "`gatewayctl status` has the last error. `not_found`, `permission_denied` and certificates need somebody; all else may mend itself.",
                    "Nothing has to be told to the forwarder afterwards: it probes every 30 seconds at most.",
                ],
                expression: "min_over_time(gateway_breaker_state\(forwarder)[10m]) > 0"),
            Alert(
                id: "not-draining", title: "Not Draining", severity: .critical,
                meaning: "Events wait, and for 15 minutes a destination that is not paused has got none.",
                steps: [
                    "With “Breaker Open”: the destination. Without: the forwarder's log (a full disk, a ledger that can not be written, dead letters at their bound).",
                    "`gatewayctl status` says which destination, since when, and its last error.",
                ],
                expression: """
                    (
                      min_over_time(gateway_backlog_events\(forwarder)[15m]) > 0
                    unless
                      increase(gateway_delivered_events_total\(forwarder)[15m]) > 0
                    ) unless gateway_destination_paused\(forwarder) > 0
                    """),
            Alert(
                id: "destination-paused", title: "Destination Paused", severity: .warning,
                meaning: "A destination has been paused for a day. Its events wait and take room.",
                steps: ["`gatewayctl status` says by whom and why. `gatewayctl resume --destination NAME` ends it."],
                expression: "min_over_time(gateway_destination_paused\(forwarder)[1d]) > 0"),
            Alert(
                id: "dead-letters-growing", title: "Dead Letters Growing", severity: .warning,
                meaning: "A destination has refused events for good within the last 30 minutes. They are kept.",
                steps: [
                    "`gatewayctl dead-letters list --from 1h` and `show`: what is refused, and with which answer?",
                    "Mend the destination or the events (`replay`, with `--edit` if need be), or give them up (`purge`).",
                ],
                expression: """
                    sum by (destination) (gateway_dead_letters\(forwarder))
                    - sum by (destination) (gateway_dead_letters\(forwarder) offset 30m)
                    > 0
                    """),
            Alert(
                id: "dead-letters-near-bound", title: "Dead Letters Near Bound", severity: .warning,
                meaning:
                    "Dead letters take more than four fifths of a bound (count, bytes or age). At the bound delivery to this destination stops, or the oldest go, by `GATEWAY_DEAD_LETTER_POLICY`.",
                steps: [
                    "`gatewayctl dead-letters replay` or `purge`; or raise `GATEWAY_DEAD_LETTER_MAXIMUM_COUNT`, `…_BYTES` or `…_AGE`."
                ],
                expression: "gateway_dead_letter_bound_ratio\(forwarder) > 0.8", duration: "10m"),
            Alert(
                id: "dead-letters-at-bound", title: "Dead Letters At Bound", severity: .critical,
                meaning:
                    "Dead letters are at a bound. With the policy `pause` this destination gets nothing more; with `expire` the oldest are given up.",
                steps: ["As for “Dead Letters Near Bound”, now. Delivery goes on by itself within seconds."],
                expression: "gateway_dead_letter_bound_ratio\(forwarder) >= 1", duration: "1m"),
        ]
    }

    /// Whether every event is accounted for.
    var accounting: [Alert] {
        [
            Alert(
                id: "quarantine-ratio", title: "Quarantine Ratio", severity: .warning,
                meaning:
                    "More than one event in a hundred breaks a rule and goes to quarantine instead of the pipeline.",
                steps: [
                    "`gatewayctl dead-letters list --kind quarantine --from 1h`: which rule, and which client or version?",
                    "Tell the team that sends them. After a mend: `dead-letters replay --kind quarantine`, with `--edit` if need be.",
                ],
                expression: """
                    sum(increase(gateway_quarantined_events_total\(ingest)[30m]))
                    / (
                      sum(increase(telemetry_gateway_record_events_processed_events_total\(ingest)[30m]))
                    + sum(increase(telemetry_gateway_record_event_processed_events_total\(ingest)[30m]))
                    ) > 0.01
                    """, duration: "15m"),
            Alert(
                id: "events-lost", title: "Events Lost", severity: .critical,
                meaning: "Events that were acknowledged are gone. This is an incident.",
                steps: [
                    "Do not restart anything. Keep a copy of the spool directory, `damaged` in it above all.",
                    "The forwarder's log says which segment and batches. Look at the disk (`dmesg`, SMART); move the spool if it is to blame.",
                    "`gatewayctl audit --clients` says whose events they are.",
                ],
                expression: "events_lost_total\(both) > 0"),
            Alert(
                id: "audit-unbalanced", title: "Audit Unbalanced", severity: .critical,
                meaning:
                    "Accepted events and what became of them differ. This is an incident in the accounts; whether events are lost is to be found out.",
                steps: [
                    "Keep a copy of the spool directory.",
                    "`gatewayctl audit --clients --json | jq '.accounts[] | select(.difference != 0)'`, then compare with `events_lost_total` and the log.",
                ],
                expression: "gateway_audit_difference_events\(forwarder) != 0", duration: "5m"),
        ]
    }

    /// The processes and what they need.
    var processes: [Alert] {
        [
            Alert(
                id: "commits-failing", title: "Commits Failing", severity: .critical,
                meaning:
                    "The spool's disk refuses writes. Nothing that is not durable is acknowledged; senders try again.",
                steps: [
                    "Ingest's log has the error. No space: see “Spool Refusing”. Input/output error: the disk; move the spool.",
                    "It goes on by itself once the disk takes writes again.",
                ],
                expression: "increase(gateway_failed_commits_total\(ingest)[5m]) > 0"),
            Alert(
                id: "certificate-expiry", title: "Certificate Expiry", severity: .warning,
                meaning: "The TLS certificate on the port ends in less than 14 days.",
                steps: [
                    "Renew the files of `GATEWAY_TLS_CERTIFICATE_FILE` and `…_PRIVATE_KEY_FILE`; they are read again by themselves within seconds.",
                    "`gateway_certificate_reloads_total{accepted=\"false\"}` counts files that could not be used.",
                ],
                expression: "gateway_certificate_not_after_seconds\(ingest) - time() < 14 * 86400"),
            Alert(
                id: "forwarder-down", title: "Forwarder Down", severity: .critical,
                meaning: "No forwarder, or one that does not answer, for 5 minutes. Events are taken and wait.",
                steps: [
                    "Its last log line has the exit code (docs/architecture.md). 78 is configuration, 69 another forwarder that holds the lock, 74 a ledger that went away.",
                    "Start it again; it goes on where it stopped.",
                ],
                expression: """
                    up\(forwarder) == 0
                    or
                    absent(up\(forwarder)) == 1
                    """, duration: "5m"),
        ]
    }
}
