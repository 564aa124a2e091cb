"""The figures as tables: on the terminal as they come, and as Markdown at the end."""
from dataclasses import dataclass, field

from backlog import Backlog
from drain import Both, Drain
from ingest import IngestCell
from load import Latency
from resends import Resends, Starts
from scraping import Scrapes
from transcoder import Transcoder


@dataclass
class Results:
    """Everything that one run measured."""
    date: str
    commit: str
    quick: bool
    load_before: float
    machine: dict[str, str]
    event_bytes: int = 0
    sync_ms: tuple[float, float] = (0, 0)
    # Share of the processor that the hypervisor gave to others during the run; none before its end.
    stolen: float | None = None
    # Bytes per second, by bytes appended between two syncs.
    floor: dict[int, float] = field(default_factory=dict)
    cells: list[IngestCell] = field(default_factory=list)
    # The runs behind the repeated cell.
    repeated: list[IngestCell] = field(default_factory=list)
    latencies: list[Latency] = field(default_factory=list)
    drain: Drain | None = None
    resends: Resends | None = None
    starts: Starts | None = None
    both: Both | None = None
    backlogs: list[Backlog] = field(default_factory=list)
    transcoder: Transcoder | None = None
    ingest_has_metrics: bool = False
    scrapes: Scrapes = field(default_factory=Scrapes)
    warnings: set[str] = field(default_factory=set)
    # What could not be measured and why, by section.
    failures: dict[str, str] = field(default_factory=dict)

    @property
    def floor_events(self) -> float:
        """The floor in events per second: 1 MiB between syncs, as when it was first measured."""
        return self.floor[1 << 20] / self.event_bytes


def thousands(value: float) -> str:
    return f"{value:,.0f}"


def megabytes(value: float) -> str:
    return f"{value / 1e6:,.0f}"


def table(header: list[str], rows: list[list[str]]) -> str:
    """A Markdown table with aligned columns: the first to the left, the others to the right."""
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]

    def line(cells: list[str]) -> str:
        padded = [cell.rjust(width) if i else cell.ljust(width) for i, (cell, width) in enumerate(zip(cells, widths))]
        return f"| {' | '.join(padded)} |"

    rule = [("-" * (width + 1) + ":") if i else "-" * (width + 2) for i, width in enumerate(widths)]
    return "\n".join([line(header), f"|{'|'.join(rule)}|", *map(line, rows)])


def machine_table(results: Results) -> str:
    rows = [[name, value.replace("|", "/")] for name, value in results.machine.items()]
    p50, p99 = results.sync_ms
    rows.append(["4 KiB append + fdatasync", f"p50 {p50:.2f} ms, p99 {p99:.2f} ms"])
    rows.append(["load average before", f"{results.load_before:.2f}"])
    if results.stolen is not None:
        rows.append(["processor time stolen by the hypervisor", f"{results.stolen:.1%}"])
    return "\n".join(["| | |", "|---|---|", *[f"| {name} | {value} |" for name, value in rows]])


def floor_table(results: Results) -> str:
    rows = []
    for chunk, rate in results.floor.items():
        name = f"{chunk >> 20} MiB between syncs" + (" (the floor)" if chunk == 1 << 20 else "")
        rows.append([name, megabytes(rate), thousands(rate / results.event_bytes)])
    return table(["plain file, append + fdatasync", "MB/s", "events/s"], rows)


def rate_table(results: Results) -> str:
    rows = []
    for cell in results.cells:
        rows.append([
            f"{cell.connections} × {cell.batch_events}", thousands(cell.events_per_second),
            megabytes(cell.bytes_per_second), f"{cell.events_per_second / results.floor_events:.0%}",
            megabytes(cell.peak_bytes), f"{cell.cpu_seconds_per_million:.2f}",
            f"{cell.client_cpu_seconds_per_million:.2f}", f"{cell.disk_bytes_per_event_byte:.3f}",
            thousands(cell.events),
        ])
    header = [
        "connections × batch", "events/s", "MB/s", "of floor", "peak MB", "CPU s/M", "client CPU s/M",
        "disk/event byte", "events sent",
    ]
    return table(header, rows)


def spread(results: Results) -> str:
    if not results.repeated:
        return ""
    rates = sorted(cell.events_per_second for cell in results.repeated)
    cell = results.repeated[0]
    peaks = max(run.peak_bytes for run in results.repeated)
    return (
        f"{cell.connections} × {cell.batch_events} is the median of {len(rates)} run{'s' if len(rates) > 1 else ''} "
        f"({thousands(rates[0])}–{thousands(rates[-1])} events/s; highest peak {megabytes(peaks)} MB).")


def latency_table(results: Results) -> str:
    rows = []
    for latency in results.latencies:
        over = "on one stream" if latency.connections == 1 else f"over {latency.connections} connections"
        rows.append([
            f"{thousands(latency.offered)} events/s in batches of {latency.batch_events} {over}", f"{latency.p50:.2f}",
            f"{latency.p99:.2f}", f"{latency.p999:.2f}", f"{latency.max:.2f}", f"{latency.worst_send_lateness:.2f}",
            thousands(latency.samples), f"{latency.disk_bytes_per_event_byte:.2f}",
        ])
    header = ["offered", "p50 ms", "p99 ms", "p99.9 ms", "max ms", "sent late ms", "samples", "disk/event byte"]
    return table(header, rows)


def resends_table(resends: Resends) -> str:
    rows = [
        ["first pass", thousands(resends.events), thousands(resends.first_per_second), "all"],
        ["resends, at once", thousands(resends.events), thousands(resends.again_per_second), "none"],
        ["resends, after a restart", thousands(resends.events), thousands(resends.after_restart_per_second), "none"],
    ]
    if not resends.detected:
        for row in rows[1:]:
            row[3] = "all, again"
    return table(["the same batches", "events", "events/s", "stored"], rows)


def starts_table(starts: Starts) -> str:
    rows = [
        ["empty", "0", "0", f"{starts.empty:.2f}", ""],
        ["full window", thousands(starts.events), megabytes(starts.spool_bytes), f"{starts.full:.2f}",
         megabytes(starts.peak_bytes)],
    ]
    return table(["spool", "events in it", "MB", "s to the ready line", "peak MB"], rows)


def drain_table(drain: Drain) -> str:
    program, kernel = (seconds / drain.events * 1e6 for seconds in drain.cpu_seconds)
    return table(
        [
            "drain to the file destination", "bytes a message", "events/s", "events per CPU second", "CPU s/M",
            "of it kernel", "peak MB",
        ],
        [[f"{thousands(drain.events)} events waiting", thousands(drain.message_bytes),
          thousands(drain.events_per_second), thousands(drain.events_per_cpu_second), f"{program + kernel:.2f}",
          f"{kernel:.2f}", megabytes(drain.peak_bytes)]])


def transcoder_table(transcoder: Transcoder) -> str:
    rows = [
        [name, thousands(nanoseconds), thousands(1e9 / nanoseconds), ratio]
        for name, nanoseconds, ratio in (
            ("SwiftProtobuf: decode + JSON", transcoder.decoded_ns, "1.0"),
            ("transcoder", transcoder.transcoded_ns, f"{transcoder.ratio:.1f}"),
        )
    ]
    size = f"{transcoder.wire_bytes} bytes to {transcoder.message_bytes} bytes of JSON"
    return table([size, "ns/event", "events/s", "times as fast"], rows)


def both_table(both: Both) -> str:
    latency = both.latency
    return table(
        [
            "both at once", "spool MB", "read from", "ack p50 ms", "ack p99 ms", "p99.9 ms", "drained events/s", "ingest peak MB",
            "forwarder peak MB",
        ],
        [[f"{thousands(latency.offered)} events/s in batches of {latency.batch_events}, {both.seconds:.0f} s",
          megabytes(both.spool_bytes), "disk" if both.is_cold else "page cache", f"{latency.p50:.2f}", f"{latency.p99:.2f}", f"{latency.p999:.2f}", thousands(both.drained_per_second),
          megabytes(both.ingest_peak_bytes), megabytes(both.forwarder_peak_bytes)]])


def backlog_sentence(both: Both) -> str:
    if both.left_waiting == 0:
        return "The backlog was gone before the measurement ended, so the drain rate is a lower bound."
    return (
        f"{thousands(both.left_waiting)} events were still waiting when the measurement ended, and were delivered "
        "after it.")


def backlogs_table(backlogs: list[Backlog]) -> str:
    return table(
        ["waiting", "spool MB", "read from", "s to the first delivery", "events/s after it", "CPU s/M", "peak MB"],
        [[f"{thousands(backlog.waiting)} events", megabytes(backlog.spool_bytes),
          "disk" if backlog.is_cold else "page cache", f"{backlog.first_delivery_seconds:.2f}",
          thousands(backlog.events_per_second) if backlog.events_per_second else "–",
          f"{backlog.cpu_per_million:.2f}", megabytes(backlog.peak_bytes)] for backlog in backlogs])
