"""Measures the gateway on this machine. Run by scripts/bench, which builds what this needs."""
import argparse
import os
import shutil
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

import machine
import report
from bench import REPOSITORY, Bench, Body
from document import markdown
from drain import measure_both, measure_drain
from backlog import measure_backlog
from ingest import measure_latency, measure_rate
from processes import BenchmarkError, Workspace
from report import Results
from resends import measure_resends
from targets import INGEST_EVENTS_PER_SECOND, targets_table
from transcoder import measure_transcoder

REPEATED_CELL = (4, 1000)
LATENCY_CONNECTIONS = 4
SINGLE_EVENTS_PER_SECOND = 800
BOTH_EVENTS_PER_SECOND = 20_000
BOTH_BATCH_EVENTS = 100
# Batches in one call, by events in a batch.
CALL_BATCHES = {1000: 50, 100: 200, 10: 1000, 1: 1000}
# Of events, in the spool that is drained beside ingest, and in the largest one.
BOTH_BACKLOG_BYTES = 5 * 10**9
LARGEST_BACKLOG_BYTES = 10 * 10**9
# The largest backlog, and what is deleted and not yet trimmed.
FREE_BYTES_NEEDED = 16 << 30
FLOOR_RUNS = 3


@dataclass
class Plan:
    """How much of everything."""
    sync_rounds: int
    floor_bytes: int
    cells: list[tuple[int, int]]
    cell_seconds: float
    repeats: int
    latency_seconds: float
    drain_events: int
    # More than the window of duplicates holds by default, 64 MiB, and the part of them that is sent again.
    window_events: int
    resent_events: int
    both_seconds: float
    backlogs: list[int]
    settle_seconds: float


FULL = Plan(
    sync_rounds=2000, floor_bytes=512 << 20, cells=[(c, b) for b in (1000, 100, 10) for c in (1, 4, 16)],
    cell_seconds=5, repeats=3, latency_seconds=12, drain_events=1_000_000, window_events=2_600_000,
    resent_events=1_000_000, both_seconds=30,
    backlogs=[10_000, 1_000_000], settle_seconds=5)
QUICK = Plan(
    sync_rounds=500, floor_bytes=128 << 20, cells=[(1, 1000), (4, 1000), (4, 100), (4, 10)], cell_seconds=2, repeats=1,
    latency_seconds=4, drain_events=50_000, window_events=300_000, resent_events=100_000, both_seconds=5,
    backlogs=[10_000, 200_000], settle_seconds=1)


def commit() -> str:
    name = machine.output_of("git", "rev-parse", "--short=12", "HEAD") or "unknown"
    # The report itself is rewritten by each run.
    changed = machine.output_of(
        "git", "status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs/benchmarks.md")
    return f"`{name}`" + (" with uncommitted changes" if changed else "")


def warn_when_busy(load: float) -> None:
    if load > machine.QUIET_LOAD:
        print(
            f"warning: the load average is {load:.2f}: others use this machine, so do not trust the figures",
            file=sys.stderr)


class Run:
    """One run of all measurements. One that fails is named in the report and leaves the others as they are."""

    def __init__(self, plan: Plan, bench: Bench, results: Results) -> None:
        self.plan = plan
        self.bench = bench
        self.results = results
        self.bodies: dict[int, Body] = {}

    def measure(self, name: str, body: Callable[[], None]) -> None:
        started = time.monotonic()
        try:
            body()
        except (BenchmarkError, subprocess.SubprocessError, OSError) as error:
            self.results.failures[name] = str(error)
            print(f"error: {name}: {error}", file=sys.stderr)
        print(f"  {name}: {time.monotonic() - started:.0f} s", file=sys.stderr)

    def everything(self, with_transcoder: bool) -> None:
        bench, results = self.bench, self.results
        bench.prepare()
        results.ingest_has_metrics = bool(bench.ingest_has_metrics)
        self.bodies = {size: bench.body(CALL_BATCHES[size], size) for size in CALL_BATCHES}
        results.event_bytes = self.bodies[1000].event_bytes
        self.machine()
        if with_transcoder:
            self.measure("the transcoder", self.transcoder)
        self.measure("durable ingest", self.cells)
        self.measure("time to the acknowledgement", self.latencies)
        self.measure("drain", self.drain)
        self.measure("resends", self.resends)
        self.measure("both at once", self.both)
        self.measure("backlogs", self.backlogs)

    def settle(self) -> None:
        """What was deleted before is still being trimmed by the device, and would be measured as well."""
        os.sync()
        time.sleep(self.plan.settle_seconds)

    def machine(self) -> None:
        plan, results = self.plan, self.results
        with self.bench.workspace.fresh("disk") as directory:
            results.sync_ms = machine.sync_latency(directory, plan.sync_rounds)
            print(report.machine_table(results) + "\n", flush=True)
            payload = self.bodies[1000].path.read_bytes()
            for chunk in machine.FLOOR_CHUNKS:
                rates = [machine.append_rate(directory, payload, chunk, plan.floor_bytes) for _ in range(FLOOR_RUNS)]
                results.floor[chunk] = statistics.median(rates)
        print(report.floor_table(results) + "\n", flush=True)

    def cells(self) -> None:
        results = self.results
        for connections, batch_events in self.plan.cells:
            is_repeated = (connections, batch_events) == REPEATED_CELL
            runs = []
            for _ in range(self.plan.repeats if is_repeated else 1):
                run = measure_rate(self.bench, self.bodies[batch_events], connections, self.plan.cell_seconds)
                runs.append(run)
                print(f"  {connections} × {batch_events}: {run.events_per_second:,.0f} events/s", file=sys.stderr)
            results.cells.append(sorted(runs, key=lambda run: run.events_per_second)[len(runs) // 2])
            if is_repeated:
                results.repeated = runs
        print(report.rate_table(results) + f"\n\n{report.spread(results)}\n", flush=True)

    def latencies(self) -> None:
        results, bodies = self.results, self.bodies
        offers = [(bodies[1000], LATENCY_CONNECTIONS, INGEST_EVENTS_PER_SECOND / 2)]
        if results.repeated:
            half = statistics.median(cell.events_per_second for cell in results.repeated) / 2
            offers.append((bodies[1000], LATENCY_CONNECTIONS, half))
        offers.append((bodies[1], LATENCY_CONNECTIONS, SINGLE_EVENTS_PER_SECOND))
        offers.append((bodies[1], 1, SINGLE_EVENTS_PER_SECOND))
        for body, connections, rate in offers:
            self.settle()
            results.latencies.append(measure_latency(self.bench, body, connections, rate, self.plan.latency_seconds))
        print(report.latency_table(results) + "\n", flush=True)

    def drain(self) -> None:
        self.settle()
        self.results.drain = measure_drain(self.bench, self.bodies[1000], self.plan.drain_events)
        print(report.drain_table(self.results.drain) + "\n", flush=True)

    def resends(self) -> None:
        self.settle()
        resends, starts = measure_resends(
            self.bench, self.bodies[1000], self.plan.window_events, self.plan.resent_events)
        self.results.resends, self.results.starts = resends, starts
        print(f"{report.resends_table(resends)}\n\n{report.starts_table(starts)}\n", flush=True)

    def both(self) -> None:
        if self.results.drain is None:
            raise BenchmarkError("it needs the rate of the drain")
        self.settle()
        # Outlasts the measurement even at the full drain rate, so that the forwarder is never idle in it.
        backlog = int(1.5 * self.results.drain.events_per_second * (self.plan.both_seconds + 1))
        if not self.results.quick:
            backlog = max(backlog, BOTH_BACKLOG_BYTES // self.results.event_bytes)
        small = self.bench.body(100, BOTH_BATCH_EVENTS)
        both = measure_both(
            self.bench, self.bodies[1000], small, backlog, BOTH_EVENTS_PER_SECOND, self.plan.both_seconds)
        self.results.both = both
        print(f"{report.both_table(both)}\n{report.backlog_sentence(both)}\n", flush=True)

    def backlogs(self) -> None:
        sizes = self.plan.backlogs
        if not self.results.quick:
            sizes = [*sizes, LARGEST_BACKLOG_BYTES // self.results.event_bytes]
        for events in sizes:
            self.settle()
            self.results.backlogs.append(measure_backlog(self.bench, self.bodies[1000], events))
        print(report.backlogs_table(self.results.backlogs) + "\n", flush=True)

    def transcoder(self) -> None:
        self.results.transcoder = measure_transcoder(REPOSITORY)
        print(report.transcoder_table(self.results.transcoder) + "\n", flush=True)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--transcoder", action="store_true")
    parser.add_argument("--directory", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--binaries", type=Path, required=True)
    parser.add_argument("--client", type=Path, required=True)
    return parser.parse_args()


def main() -> int:
    arguments = parse_arguments()
    # As an exception it unwinds through every `with`: processes end and directories go.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    load = os.getloadavg()[0]
    warn_when_busy(load)
    workspace = Workspace(arguments.directory.resolve() / "work")
    started = time.monotonic()
    try:
        description = machine.describe(workspace.root)
        free = shutil.disk_usage(workspace.root).free
        if free < FREE_BYTES_NEEDED:
            raise BenchmarkError(
                f"{workspace.root} has {free >> 20} MiB free; {FREE_BYTES_NEEDED >> 20} MiB are needed")
        bench = Bench(arguments.binaries, arguments.client, workspace)
        results = Results(
            datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC"), commit(), arguments.quick, load, description,
            scrapes=bench.scrapes, warnings=bench.warnings)
        total_before, stolen_before = machine.processor_seconds()
        Run(QUICK if arguments.quick else FULL, bench, results).everything(arguments.transcoder)
        total, stolen = machine.processor_seconds()
        results.stolen = (stolen - stolen_before) / max(1, total - total_before)
    except (BenchmarkError, subprocess.SubprocessError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        workspace.remove()
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    arguments.output.write_text(markdown(results))
    print(f"{targets_table(results)}\n")
    print(f"{time.monotonic() - started:.0f} s; written to {arguments.output}")
    return 1 if results.failures else 0


if __name__ == "__main__":
    sys.exit(main())
