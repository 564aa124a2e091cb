"""What is required of the gateway on a machine of two cores, next to what was measured."""
import statistics

from report import Results, megabytes, table, thousands

INGEST_EVENTS_PER_SECOND = 300_000
INGEST_PEAK_BYTES = 200e6
HALF_RATE_P99_MS = 10.0
SINGLE_STREAM_P99_MS = 5.0
DRAIN_EVENTS_PER_CPU_SECOND = 200_000
FORWARDER_PEAK_BYTES = 200e6
TRANSCODER_RATIO = 15.0
DRAIN_EVENTS_PER_SECOND = 150_000
BOTH_P99_MS = 20.0
FIRST_DELIVERY_SECONDS = 2.0
# How far the largest backlog's rate may be from the others'.
BACKLOG_TOLERANCE = 0.1


def row(name: str, required: str, measured: str, met: bool) -> list[str]:
    return [name, required, measured, "yes" if met else "**no**"]


def ingest_rows(results: Results) -> list[list[str]]:
    rows = []
    if results.repeated:
        cell = results.repeated[0]
        rate = statistics.median(run.events_per_second for run in results.repeated)
        peak = max(run.peak_bytes for run in results.repeated)
        name = f"durable ingest, {cell.connections} × {cell.batch_events}"
        rows.append(row(
            name, f"≥ {thousands(INGEST_EVENTS_PER_SECOND)} events/s", thousands(rate),
            rate >= INGEST_EVENTS_PER_SECOND))
        rows.append(row(f"{name}, peak memory", f"≤ {megabytes(INGEST_PEAK_BYTES)} MB", megabytes(peak),
                        peak <= INGEST_PEAK_BYTES))
    for latency in results.latencies:
        if latency.connections == 1:
            rows.append(row("acknowledgement p99, single events on one stream", f"< {SINGLE_STREAM_P99_MS:.0f} ms",
                            f"{latency.p99:.2f}", latency.p99 < SINGLE_STREAM_P99_MS))
        elif latency.offered == INGEST_EVENTS_PER_SECOND / 2:
            rows.append(row(f"acknowledgement p99 at {thousands(latency.offered)} events/s",
                            f"≤ {HALF_RATE_P99_MS:.0f} ms", f"{latency.p99:.2f}", latency.p99 <= HALF_RATE_P99_MS))
    return rows


def forwarder_rows(results: Results) -> list[list[str]]:
    rows = []
    if results.drain:
        rate = results.drain.events_per_cpu_second
        rows.append(row(
            "drain on one core's worth of work", f"≥ {thousands(DRAIN_EVENTS_PER_CPU_SECOND)} events per CPU second",
            thousands(rate), rate >= DRAIN_EVENTS_PER_CPU_SECOND))
        peaks = [("forwarder, peak memory", results.drain.peak_bytes)]
        if results.both:
            peaks.append(("forwarder beside ingest, peak memory", results.both.forwarder_peak_bytes))
        for name, peak in peaks:
            rows.append(row(name, f"< {megabytes(FORWARDER_PEAK_BYTES)} MB", megabytes(peak),
                            peak < FORWARDER_PEAK_BYTES))
    if results.both:
        both = results.both
        rows.append(row(
            "drain beside ingest at 20,000 events/s", f"≥ {thousands(DRAIN_EVENTS_PER_SECOND)} events/s",
            thousands(both.drained_per_second), both.drained_per_second >= DRAIN_EVENTS_PER_SECOND))
        rows.append(row(
            "acknowledgement p99 beside that drain", f"≤ {BOTH_P99_MS:.0f} ms", f"{both.latency.p99:.2f}",
            both.latency.p99 <= BOTH_P99_MS))
    if results.backlogs:
        largest = results.backlogs[-1]
        rows.append(row(
            f"start to first delivery, {thousands(largest.waiting)} events waiting",
            f"≤ {FIRST_DELIVERY_SECONDS:.0f} s", f"{largest.first_delivery_seconds:.2f}",
            largest.first_delivery_seconds <= FIRST_DELIVERY_SECONDS))
        peak = max(backlog.peak_bytes for backlog in results.backlogs)
        rows.append(row(
            "forwarder on any backlog, peak memory", f"≤ {megabytes(FORWARDER_PEAK_BYTES)} MB", megabytes(peak),
            peak <= FORWARDER_PEAK_BYTES))
        rates = [backlog.events_per_second for backlog in results.backlogs if backlog.events_per_second]
        if len(rates) > 1:
            rows.append(row(
                "drain with most waiting, of that with less", f"≥ {1 - BACKLOG_TOLERANCE:.0%}",
                f"{rates[-1] / rates[0]:.0%}", rates[-1] >= rates[0] * (1 - BACKLOG_TOLERANCE)))
    if results.transcoder:
        ratio = results.transcoder.ratio
        rows.append(row("transcoder beside SwiftProtobuf", f"≥ {TRANSCODER_RATIO:.0f} times as fast", f"{ratio:.1f}",
                        ratio >= TRANSCODER_RATIO))
    return rows


def resend_rows(results: Results) -> list[list[str]]:
    if results.resends is None:
        return []
    return [row("resent events stored twice", "0", "0" if results.resends.detected else "all",
                results.resends.detected)]


def targets_table(results: Results) -> str:
    rows = ingest_rows(results) + resend_rows(results) + forwarder_rows(results)
    return table(["target", "required", "measured", "met"], rows)
