"""How delivery depends on what waits: rate, time to the first delivery and memory, with little and with much in the spool."""
import time
from dataclasses import dataclass
from pathlib import Path

from bench import Bench, Body
from drain import delivered_events, empty_page_cache, fill, wait_until_delivered
from ingest import check_stored
from processes import allocated_bytes
from swallow import Swallower

POLL_SECONDS = 0.01
FIRST_DELIVERY_SECONDS = 60
# A rate over less says nothing.
LEAST_SECONDS = 1.0


@dataclass
class Backlog:
    waiting: int
    spool_bytes: int
    # Whether the page cache was emptied before the forwarder started.
    is_cold: bool
    first_delivery_seconds: float
    # From the first delivery on; none when that took no time to speak of.
    events_per_second: float | None
    cpu_seconds: float
    peak_bytes: int

    @property
    def cpu_per_million(self) -> float:
        return self.cpu_seconds / self.waiting * 1e6


def measure_backlog(bench: Bench, body: Body, events: int) -> Backlog:
    """From the start of a forwarder on a spool with so many events, read from the disk where the cache may be emptied."""
    with bench.workspace.fresh("backlog") as directory:
        with bench.ingest(directory) as ingest:
            waiting = fill(bench, ingest, body, events)
            ingest.stop()
        check_stored(ingest, waiting)
        spool_bytes = allocated_bytes(directory / "spool")
        with Swallower(bench, waiting) as destination:
            is_cold = empty_page_cache()
            with bench.forwarder(directory, destination.directory) as forwarder:
                first = wait_for_first(directory)
                first_seconds = time.monotonic() - forwarder.started
                begun = time.monotonic()
                wait_until_delivered(directory, waiting)
                seconds = time.monotonic() - begun
                cpu = sum(forwarder.cpu_times())
                peak = forwarder.peak_bytes()
                forwarder.stop()
            destination.finish(waiting)
        rate = (waiting - first) / seconds if seconds >= LEAST_SECONDS else None
        return Backlog(waiting, spool_bytes, is_cold, first_seconds, rate, cpu, peak)


def wait_for_first(directory: Path) -> int:
    deadline = time.monotonic() + FIRST_DELIVERY_SECONDS
    while time.monotonic() < deadline:
        delivered = delivered_events(directory)
        if delivered > 0:
            return delivered
        time.sleep(POLL_SECONDS)
    return 0
