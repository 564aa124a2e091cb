"""The load client's runs and what they report."""
import json
import subprocess
from dataclasses import dataclass

from bench import Bench, Body
from processes import BenchmarkError, die_with_parent


@dataclass
class LoadResult:
    """What was sent as fast as ingest took it."""
    events: int
    duplicates: int
    # One more than the highest number that an event of the run has.
    next: int
    seconds: float
    client_cpu_seconds: float

    @property
    def events_per_second(self) -> float:
        return self.events / self.seconds


@dataclass
class Latency:
    """Milliseconds from the scheduled time of a batch to its acknowledgement."""
    offered: float
    connections: int
    batch_events: int
    events: int
    samples: int
    p50: float
    p99: float
    p999: float
    max: float
    worst_send_lateness: float
    disk_bytes_per_event_byte: float = 0


def run_client(bench: Bench, *arguments: object) -> dict:
    command = [str(bench.client), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=die_with_parent)
    try:
        return json.loads(done.stdout)
    except ValueError:
        raise BenchmarkError(f"the load client failed: {done.stderr.strip()}") from None


def refuse_duplicates(found: dict) -> None:
    """Every event has an id of its own, so that a duplicate is an event that ingest would lose."""
    if found["duplicates"]:
        raise BenchmarkError(f"{found['duplicates']} new events were taken for duplicates")


def run_load(
    bench: Bench, port: int, body: Body, connections: int, *, first: int = 0, seconds: float = 0, events: int = 0,
    resent: bool = False
) -> LoadResult:
    """Sends as fast as ingest takes it over some connections, one call at a time on each.

    For some seconds, or until at least so many events are sent. Events are numbered from `first` on; where it is
    `events` that is given, the same numbers are the same bytes.
    """
    if seconds:
        limit = ["--seconds", seconds]
    else:
        limit = ["--batches", max(1, -(-events // (body.batch_events * connections)))]
    found = run_client(
        bench, "rate", "--port", port, "--body", body.path, "--connections", connections, "--first", first,
        "--call-batches", body.batches, *limit)
    if not resent:
        refuse_duplicates(found)
    return LoadResult(
        found["events"], found["duplicates"], found["next"], found["seconds"], found["cpu_seconds"])


def run_paced(
    bench: Bench, port: int, body: Body, connections: int, events_per_second: float, seconds: float, *, first: int = 0,
    warmup: float = 1
) -> Latency:
    """Sends batches on a fixed schedule, late or not, and gives the distribution of the time to the acknowledgement."""
    interval = connections * body.batch_events / events_per_second * 1e6
    found = run_client(
        bench, "pace", "--port", port, "--body", body.path, "--connections", connections, "--first", first,
        "--interval-us", f"{interval:.1f}", "--seconds", seconds, "--warmup", warmup)
    refuse_duplicates(found)
    values = {name: found[name] for name in ("events", "samples", "p50", "p99", "p999", "max", "worst_send_lateness")}
    return Latency(offered=events_per_second, connections=connections, batch_events=body.batch_events, **values)
