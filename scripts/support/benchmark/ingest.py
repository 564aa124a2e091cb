"""Durable ingest: how fast, how much memory, how long until an acknowledgement."""
from dataclasses import dataclass

from bench import Bench, Body
from load import Latency, run_load, run_paced
from processes import BenchmarkError, Gateway, allocated_bytes

WARM_UP_SECONDS = 1


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


def measure_rate(bench: Bench, body: Body, connections: int, seconds: float) -> IngestCell:
    """Sends as fast as ingest takes it for some seconds, into a fresh spool, and checks that all of it is there."""
    with bench.workspace.fresh("ingest") as directory:
        with bench.ingest(directory) as ingest:
            warm = run_load(bench, ingest.port, body, connections, seconds=WARM_UP_SECONDS)
            cpu_before = ingest.cpu_seconds()
            result = run_load(bench, ingest.port, body, connections, first=warm.next, seconds=seconds)
            cpu = ingest.cpu_seconds() - cpu_before
            peak = ingest.peak_bytes()
            ingest.stop()
        sent = warm.events + result.events
        check_stored(ingest, sent)
        return IngestCell(
            connections=connections, batch_events=body.batch_events, events=result.events,
            events_per_second=result.events_per_second,
            bytes_per_second=result.events_per_second * body.event_bytes, peak_bytes=peak,
            cpu_seconds_per_million=cpu / result.events * 1e6,
            client_cpu_seconds_per_million=result.client_cpu_seconds / result.events * 1e6,
            disk_bytes_per_event_byte=allocated_bytes(directory / "spool") / (sent * body.event_bytes))


def measure_latency(
    bench: Bench, body: Body, connections: int, events_per_second: float, seconds: float
) -> Latency:
    """Latency of acknowledgements at a fixed rate, into a fresh spool."""
    with bench.workspace.fresh("latency") as directory:
        with bench.ingest(directory) as ingest:
            latency = run_paced(bench, ingest.port, body, connections, events_per_second, seconds)
            ingest.stop()
        check_stored(ingest, latency.events)
        latency.disk_bytes_per_event_byte = (
            allocated_bytes(directory / "spool") / (latency.events * body.event_bytes))
        return latency
