"""Resent batches, and the start of ingest when the spool holds a full window of events to compare with."""
import statistics
from dataclasses import dataclass

from bench import Bench, Body
from ingest import check_stored
from load import run_load
from processes import BenchmarkError

CONNECTIONS = 4
STARTS = 3


@dataclass
class Resends:
    # Events of the second passes.
    events: int
    first_per_second: float
    again_per_second: float
    after_restart_per_second: float
    # False for a build that stores resent events again.
    detected: bool


@dataclass
class Starts:
    """Seconds from the start of the process to its ready line, the median of some starts."""
    empty: float
    full: float
    events: int
    spool_bytes: int
    peak_bytes: int


def verdict(duplicates: int, stored: int, first: int, resent: int) -> bool:
    """Whether resent events were detected: all of them or, in a build that can not, none."""
    if (duplicates, stored) == (resent, first):
        return True
    if (duplicates, stored) == (0, first + resent):
        return False
    raise BenchmarkError(
        f"of {resent} resent events {duplicates} were called duplicates, and {stored - first} stored again")


def start_once(bench: Bench, name: str) -> float:
    with bench.workspace.fresh(name) as directory, bench.ingest(directory) as ingest:
        ingest.stop()
        return ingest.ready_seconds


def measure_resends(bench: Bench, body: Body, window_events: int, resent_events: int) -> tuple[Resends, Starts]:
    """Fills a spool, sends the newest batches of it again, restarts ingest on it, and sends them once more."""
    empty = statistics.median(start_once(bench, "empty") for _ in range(STARTS))
    with bench.workspace.fresh("resends") as directory:
        with bench.ingest(directory) as ingest:
            old = run_load(bench, ingest.port, body, CONNECTIONS, events=window_events - resent_events)
            new = run_load(bench, ingest.port, body, CONNECTIONS, first=old.next, events=resent_events)
            again = run_load(bench, ingest.port, body, CONNECTIONS, first=old.next, events=resent_events, resent=True)
            ingest.stop()
        sent = old.events + new.events
        detected = verdict(again.duplicates, ingest.sealed_events(), sent, again.events)
        spool_bytes = sum(path.stat().st_size for path in (directory / "spool").rglob("*") if path.is_file())

        seconds = []
        for _ in range(STARTS - 1):
            with bench.ingest(directory) as ingest:
                ingest.stop()
                seconds.append(ingest.ready_seconds)
        with bench.ingest(directory) as ingest:
            seconds.append(ingest.ready_seconds)
            peak = ingest.peak_bytes()
            late = run_load(bench, ingest.port, body, CONNECTIONS, first=old.next, events=resent_events, resent=True)
            ingest.stop()
        # A second process on the same spool counts only what it has stored itself.
        if verdict(late.duplicates, ingest.sealed_events(), 0, late.events) != detected:
            raise BenchmarkError("resent events were detected only before or only after the restart")
    resends = Resends(
        again.events, new.events_per_second, again.events_per_second, late.events_per_second, detected)
    return resends, Starts(empty, statistics.median(seconds), sent, spool_bytes, peak)
