"""Draining the spool to the file destination, alone and while ingest is busy."""
import sqlite3
import subprocess
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from ingest import check_stored
from load import Body, Latency, paced_command, parse_latency, run_load
from processes import BenchmarkError, Gateway, Workspace, die_with_parent

POLL_SECONDS = 0.05
# Slower than this, something is broken.
MINIMUM_EVENTS_PER_SECOND = 1000
SETTLE_SECONDS = 30


@dataclass
class Drain:
    events: int
    events_per_second: float
    peak_bytes: int
    cpu_seconds_per_million: float


@dataclass
class Both:
    latency: Latency
    seconds: float
    drained_per_second: float
    left_waiting: int
    ingest_peak_bytes: int
    forwarder_peak_bytes: int


def delivered_events(directory: Path) -> int:
    """What the ledger says is delivered; 0 before there is one."""
    try:
        with closing(sqlite3.connect(f"file:{directory}/spool/ledger.db?mode=ro", uri=True)) as ledger:
            row = ledger.execute("SELECT sum(delivered_events) FROM destination").fetchone()
            return row[0] or 0
    except sqlite3.OperationalError:
        return 0


def wait_until_delivered(directory: Path, events: int) -> None:
    deadline = time.monotonic() + SETTLE_SECONDS + events / MINIMUM_EVENTS_PER_SECOND
    while delivered_events(directory) < events:
        if time.monotonic() > deadline:
            raise BenchmarkError(f"only {delivered_events(directory)} of {events} events were delivered in time")
        time.sleep(POLL_SECONDS)


def check_delivered(directory: Path, events: int) -> None:
    """Every event is one line at the destination: nothing missing, nothing twice."""
    lines = 0
    for path in (directory / "delivered").glob("*.ndjson*"):
        with open(path, "rb") as file:
            while block := file.read(1 << 20):
                lines += block.count(b"\n")
    if lines != events:
        raise BenchmarkError(f"{events} events were accepted and {lines} lines delivered")


def start_ingest(binaries: Path, directory: Path) -> Gateway:
    return Gateway(binaries / "telemetry-ingest", directory, PORT=0, GATEWAY_LISTEN_HOST="127.0.0.1")


def start_forwarder(binaries: Path, directory: Path) -> Gateway:
    return Gateway(
        binaries / "telemetry-forwarder", directory, GATEWAY_FORWARDER_PORT=0, GATEWAY_FORWARDER_HOST="127.0.0.1",
        GATEWAY_DESTINATIONS=f"file://{directory}/delivered")


def fill(ingest: Gateway, body: Body, events: int) -> int:
    """At least this many events into the spool, over 4 connections; how many there are then."""
    calls = -(-events // body.events)
    return run_load(ingest.port, body, min(4, calls), calls).events


def measure_drain(binaries: Path, workspace: Workspace, body: Body, events: int) -> Drain:
    """From the start of a forwarder on a full spool until its ledger has every event as delivered."""
    with workspace.fresh("drain") as directory:
        with start_ingest(binaries, directory) as ingest:
            waiting = fill(ingest, body, events)
            ingest.stop()
        check_stored(ingest, waiting)
        with start_forwarder(binaries, directory) as forwarder:
            wait_until_delivered(directory, waiting)
            seconds = time.monotonic() - forwarder.started
            cpu = forwarder.cpu_seconds()
            peak = forwarder.peak_bytes()
            forwarder.stop()
        check_delivered(directory, waiting)
        return Drain(waiting, waiting / seconds, peak, cpu / waiting * 1e6)


def measure_both(
    binaries: Path, workspace: Workspace, client: Path, filler: Body, body: Body, backlog: int,
    events_per_second: float, seconds: float
) -> Both:
    """Ingest at a fixed rate while a forwarder drains a backlog that outlasts the measurement."""
    with workspace.fresh("both") as directory:
        with start_ingest(binaries, directory) as ingest:
            waiting = fill(ingest, filler, backlog)
            with start_forwarder(binaries, directory) as forwarder:
                command = paced_command(client, ingest.port, body, 4, events_per_second, seconds, warmup=1)
                before, started = delivered_events(directory), time.monotonic()
                paced = subprocess.Popen(
                    command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=die_with_parent)
                output, error = paced.communicate()
                after, elapsed = delivered_events(directory), time.monotonic() - started
                latency = parse_latency(output, error, body, events_per_second)
                accepted = waiting + latency.batches * body.batch_events
                ingest_peak = ingest.peak_bytes()
                ingest.stop()
                check_stored(ingest, accepted)
                wait_until_delivered(directory, accepted)
                forwarder_peak = forwarder.peak_bytes()
                forwarder.stop()
        check_delivered(directory, accepted)
        return Both(latency, elapsed, (after - before) / elapsed, accepted - after, ingest_peak, forwarder_peak)
