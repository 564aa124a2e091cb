"""Draining the spool to the file destination, alone and while ingest is busy."""
import os
import sqlite3
import subprocess
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bench import Bench, Body
from ingest import check_stored
from load import Latency, run_load, run_paced
from processes import BenchmarkError, Gateway, allocated_bytes, die_with_parent
from swallow import Swallower

POLL_SECONDS = 0.05
# Slower than this, something is broken.
MINIMUM_EVENTS_PER_SECOND = 20_000
SETTLE_SECONDS = 30
FILLING_CONNECTIONS = 4
PACED_CONNECTIONS = 4
DROP_CACHES = Path("/proc/sys/vm/drop_caches")


@dataclass
class Drain:
    events: int
    events_per_second: float
    peak_bytes: int
    # In the program and in the kernel.
    cpu_seconds: tuple[float, float]
    message_bytes: float

    @property
    def events_per_cpu_second(self) -> float:
        """One core's worth of work."""
        return self.events / sum(self.cpu_seconds)


@dataclass
class Both:
    spool_bytes: int
    is_cold: bool
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


def check_delivered(bench: Bench, directory: Path, events: int) -> int:
    """Every event is one line at the destination: nothing missing, nothing twice. Gives the bytes of all lines."""
    paths = sorted((directory / "delivered").glob("*.ndjson*"))
    done = subprocess.run(
        [bench.client, "delivered", "--events", str(events), *paths], capture_output=True, text=True, check=False,
        preexec_fn=die_with_parent)
    if done.returncode != 0:
        raise BenchmarkError(f"what was delivered is not what was sent: {done.stderr.strip()}")
    return sum(path.stat().st_size for path in paths)


def fill(bench: Bench, ingest: Gateway, body: Body, events: int) -> int:
    """At least this many events into the spool, over 4 connections; how many there are then."""
    return run_load(bench, ingest.port, body, FILLING_CONNECTIONS, events=events).events


def measure_drain(bench: Bench, body: Body, events: int) -> Drain:
    """From the start of a forwarder on a full spool until its ledger has every event as delivered."""
    with bench.workspace.fresh("drain") as directory:
        with bench.ingest(directory) as ingest:
            waiting = fill(bench, ingest, body, events)
            ingest.stop()
        check_stored(ingest, waiting)
        with bench.forwarder(directory) as forwarder:
            wait_until_delivered(directory, waiting)
            seconds = time.monotonic() - forwarder.started
            cpu = forwarder.cpu_times()
            peak = forwarder.peak_bytes()
            forwarder.stop()
        message_bytes = check_delivered(bench, directory, waiting) / waiting
        return Drain(waiting, waiting / seconds, peak, cpu, message_bytes)


def empty_page_cache() -> bool:
    """Whether the page cache may be emptied, and was."""
    os.sync()
    try:
        DROP_CACHES.write_text("3\n")
    except OSError:
        return False
    return True


def measure_both(
    bench: Bench, filler: Body, body: Body, backlog: int, events_per_second: float, seconds: float
) -> Both:
    """Ingest at a fixed rate while a forwarder drains a cold backlog that outlasts the measurement."""
    with bench.workspace.fresh("both") as directory:
        with bench.ingest(directory) as ingest:
            waiting = fill(bench, ingest, filler, backlog)
            ingest.stop()
        check_stored(ingest, waiting)
        spool_bytes = allocated_bytes(directory / "spool")
        most = waiting + int(2 * events_per_second * (seconds + 10))
        with Swallower(bench, most) as destination, bench.ingest(directory) as ingest:
            is_cold = empty_page_cache()
            with bench.forwarder(directory, destination.directory) as forwarder:
                before, started = delivered_events(directory), time.monotonic()
                latency = run_paced(
                    bench, ingest.port, body, PACED_CONNECTIONS, events_per_second, seconds, first=waiting)
                after, elapsed = delivered_events(directory), time.monotonic() - started
                ingest_peak = ingest.peak_bytes()
                ingest.stop()
                check_stored(ingest, latency.events)
                accepted = waiting + latency.events
                wait_until_delivered(directory, accepted)
                forwarder_peak = forwarder.peak_bytes()
                forwarder.stop()
            destination.finish(accepted)
        return Both(
            spool_bytes, is_cold, latency, elapsed, (after - before) / elapsed, accepted - after, ingest_peak,
            forwarder_peak)
