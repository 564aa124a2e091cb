internal import Metrics
internal import Runtime
internal import Store

/// What ingest has in hand and what the spool takes, looked at before each scrape.
struct IngestGauges: Sendable {
    let layout: SpoolLayout
    let space: SpaceGuard
    let admission: Admission
    let journal: CallJournal
    let endpoint: EventsEndpoint

    /// Makes the gauges, and sets them whenever the registry is read.
    func refresh(before registry: PrometheusRegistry) {
        for (name, help) in [
            ("gateway_open_calls", "Streams and calls under way."),
            ("gateway_waiting_batches", "Batches that are received and wait until others are durable."),
            ("gateway_bytes_in_flight", "Payload bytes received and not yet durable."),
            (
                "gateway_http_body_bytes_in_flight",
                "Bytes of HTTP bodies that are being received, decoded or made durable."
            ),
            ("gateway_spool_segments", "Segments on disk."),
            ("gateway_spool_bytes", "Bytes on disk of all segments."),
            ("gateway_spool_oldest_age_seconds", "Age of the oldest segment that is not delivered; 0 without any."),
            ("gateway_spool_free_bytes", "Bytes left on the spool's file system."),
            ("gateway_spool_quota_bytes", "Bytes that the segments may take together."),
            ("gateway_spool_reserve_bytes", "Bytes of the spool's file system that are left free."),
            ("gateway_spool_used_bytes", "Bytes that count towards the quota, with what is under way."),
            ("gateway_spool_retained_bytes", "Bytes on disk of delivered segments that are kept for a replay."),
            ("gateway_spool_refusing", "1 while every batch is refused for want of space, else 0."),
        ] { MetricDescriptions.shared.describe(name, help: help) }
        func gauge(_ name: String) -> Gauge { Gauge(label: name, factory: registry) }
        let openCalls = gauge("gateway_open_calls")
        let bytesInFlight = gauge("gateway_bytes_in_flight")
        let waiting = gauge("gateway_waiting_batches")
        let bodyBytes = gauge("gateway_http_body_bytes_in_flight")
        let segments = gauge("gateway_spool_segments")
        let bytes = gauge("gateway_spool_bytes")
        let age = gauge("gateway_spool_oldest_age_seconds")
        let free = gauge("gateway_spool_free_bytes")
        let quota = gauge("gateway_spool_quota_bytes")
        let reserve = gauge("gateway_spool_reserve_bytes")
        let used = gauge("gateway_spool_used_bytes")
        let retained = gauge("gateway_spool_retained_bytes")
        let refusing = gauge("gateway_spool_refusing")
        registry.onExposition {
            openCalls.record(journal.openCalls)
            bytesInFlight.record(admission.bytesInFlight)
            waiting.record(admission.waitingBatches)
            bodyBytes.record(endpoint.bodyBytesInFlight)
            let space = space.status
            quota.record(space.limits.quotaBytes)
            reserve.record(space.limits.reserveBytes)
            used.record(space.usedBytes)
            retained.record(space.retainedBytes)
            refusing.record(space.isRefusing ? 1 : 0)
            age.record(space.oldestWaitingAt.map { Double(max(0, WallClock.now() - $0)) / 1_000_000_000 } ?? 0)
            // A spool that can not be listed shows in the commits; the gauges keep their last values.
            guard let usage = try? SpoolUsage.measured(layout) else { return }
            segments.record(usage.segments)
            bytes.record(usage.bytesOnDisk)
            free.record(usage.freeBytes)
        }
    }
}
