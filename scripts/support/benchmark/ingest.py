"""Durable ingest: how fast, how much memory, how long until an acknowledgement."""
from dataclasses import dataclass
from pathlib import Path

from load import Body, Latency, run_load, run_paced
from processes import BenchmarkError, Gateway, Workspace, allocated_bytes


@dataclass
class IngestCell:
    """What one ingest did with one kind of load."""
    connections: int
    batch_events: int
    events: int
    events_per_second: float
    bytes_per_second: float
    peak_bytes: int
    cpu_seconds_per_million: float
    client_cpu_seconds_per_million: float
    disk_bytes_per_event_byte: float


def check_stored(ingest: Gateway, sent: int) -> None:
    stored = ingest.sealed_events()
    if stored != sent:
        raise BenchmarkError(f"{sent} events were sent and {stored} are in the spool")


def measure_rate(
    binaries: Path, workspace: Workspace, body: Body, connections: int, seconds: float
) -> IngestCell:
    """Sends as fast as ingest takes it for about `seconds`, into a fresh spool, and checks that all of it is there."""
    with workspace.fresh("ingest") as directory:
        with Gateway(binaries / "telemetry-ingest", directory, PORT=0, GATEWAY_LISTEN_HOST="127.0.0.1") as ingest:
            warm = run_load(ingest.port, body, connections, connections)
            rate = warm.events / warm.seconds
            calls = connections * max(1, round(seconds * rate / (connections * body.events)))
            cpu_before = ingest.cpu_seconds()
            result = run_load(ingest.port, body, connections, calls)
            cpu = ingest.cpu_seconds() - cpu_before
            peak = ingest.peak_bytes()
            ingest.stop()
        sent = warm.events + result.events
        check_stored(ingest, sent)
        return IngestCell(
            connections=connections, batch_events=body.batch_events, events=result.events,
            events_per_second=result.events / result.seconds,
            bytes_per_second=result.events * body.event_bytes / result.seconds, peak_bytes=peak,
            cpu_seconds_per_million=cpu / result.events * 1e6,
            client_cpu_seconds_per_million=result.client_cpu_seconds / result.events * 1e6,
            disk_bytes_per_event_byte=allocated_bytes(directory / "spool") / (sent * body.event_bytes))


def measure_latency(
    binaries: Path, workspace: Workspace, client: Path, body: Body, connections: int, events_per_second: float,
    seconds: float
) -> Latency:
    """Latency of acknowledgements at a fixed rate, into a fresh spool."""
    with workspace.fresh("latency") as directory:
        with Gateway(binaries / "telemetry-ingest", directory, PORT=0, GATEWAY_LISTEN_HOST="127.0.0.1") as ingest:
            latency = run_paced(client, ingest.port, body, connections, events_per_second, seconds)
            ingest.stop()
        sent = latency.batches * body.batch_events
        check_stored(ingest, sent)
        latency.disk_bytes_per_event_byte = allocated_bytes(directory / "spool") / (sent * body.event_bytes)
        return latency
