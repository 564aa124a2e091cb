"""Request bodies, and the clients that send them."""
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from processes import BenchmarkError, die_with_parent

METHOD = "/telemetrygateway.v1.TelemeteryGatewayService/RecordEvents"
SUPPORT = Path(__file__).resolve().parent.parent
UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0}


@dataclass
class Body:
    """A prepared RecordEvents call."""
    path: Path
    batches: int
    batch_events: int
    event_bytes: int

    @property
    def events(self) -> int:
        return self.batches * self.batch_events


def make_body(directory: Path, batches: int, batch_events: int) -> Body:
    path = directory / f"body-{batches}x{batch_events}.bin"
    command = [
        sys.executable, str(SUPPORT / "request_body.py"), "--batches", str(batches), "--events", str(batch_events),
        "--client", "benchmark", "--output", str(path),
    ]
    size = subprocess.run(command, check=True, capture_output=True, text=True, preexec_fn=die_with_parent).stdout
    return Body(path, batches, batch_events, int(size))


@dataclass
class LoadResult:
    seconds: float
    events: int
    client_cpu_seconds: float


def run_load(port: int, body: Body, connections: int, calls: int) -> LoadResult:
    """Sends the body `calls` times over `connections` connections, one call at a time on each, as fast as they go."""
    command = [
        "h2load", "--requests", str(calls), "--clients", str(connections), "--max-concurrent-streams", "1",
        "--threads", "1", "--data", str(body.path), "--header", "content-type: application/grpc",
        "--header", "te: trailers", f"http://127.0.0.1:{port}{METHOD}",
    ]
    before = os.times()
    done = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=die_with_parent)
    after = os.times()
    finished = re.search(r"finished in ([\d.]+)(us|ms|s|m)\b", done.stdout)
    expected = [
        rf"requests: {calls} total, {calls} started, {calls} done, {calls} succeeded, 0 failed, 0 errored, 0 timeout",
        rf"status codes: {calls} 2xx, 0 3xx, 0 4xx, 0 5xx",
    ]
    if done.returncode != 0 or finished is None or not all(line in done.stdout for line in expected):
        raise BenchmarkError(f"h2load failed:\n{done.stdout}\n{done.stderr}")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return LoadResult(float(finished[1]) * UNITS[finished[2]], calls * body.events, cpu)


@dataclass
class Latency:
    """Milliseconds from the scheduled time of a batch to its acknowledgement."""
    offered: float
    batch_events: int
    batches: int
    samples: int
    p50: float
    p90: float
    p99: float
    p999: float
    max: float
    worst_send_lateness: float
    disk_bytes_per_event_byte: float = 0


def paced_command(
    client: Path, port: int, body: Body, connections: int, events_per_second: float, seconds: float, warmup: float
) -> list[str]:
    interval = connections * body.batch_events / events_per_second * 1e6
    return [
        str(client), "--port", str(port), "--body", str(body.path), "--connections", str(connections),
        "--interval-us", f"{interval:.1f}", "--seconds", str(seconds), "--warmup", str(warmup),
    ]


def parse_latency(output: str, error: str, body: Body, events_per_second: float) -> Latency:
    try:
        return Latency(offered=events_per_second, batch_events=body.batch_events, **json.loads(output))
    except ValueError:
        raise BenchmarkError(f"the paced client failed: {error.strip()}") from None


def run_paced(
    client: Path, port: int, body: Body, connections: int, events_per_second: float, seconds: float, warmup: float = 1
) -> Latency:
    """Sends batches on a fixed schedule, late or not, and gives the distribution of the time to the acknowledgement."""
    command = paced_command(client, port, body, connections, events_per_second, seconds, warmup)
    done = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=die_with_parent)
    return parse_latency(done.stdout, done.stderr, body, events_per_second)
