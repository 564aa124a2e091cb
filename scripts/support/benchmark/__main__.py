"""Measures the gateway on this machine. Run by scripts/bench, which builds what this needs."""
import argparse
import os
import shutil
import signal
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

import machine
import report
from document import markdown
from drain import measure_both, measure_drain
from ingest import measure_latency, measure_rate
from load import make_body
from processes import BenchmarkError, Workspace
from report import Results

REPEATED_CELL = (4, 1000)
LATENCY_CONNECTIONS = 4
SINGLE_EVENTS_PER_SECOND = 800
# What a small machine has to take durably, in events a second: acknowledgement latency is promised at half of it.
REQUIRED_EVENTS_PER_SECOND = 300_000
SETTLE_SECONDS = 5
BOTH_EVENTS_PER_SECOND = 20_000
BOTH_BATCH_EVENTS = 100
# Batches in one call, by events in a batch.
CALL_BATCHES = {1000: 50, 100: 200, 10: 1000}
FREE_BYTES_NEEDED = 8 << 30
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
    both_seconds: float


FULL = Plan(2000, 512 << 20, [(c, b) for b in (1000, 100, 10) for c in (1, 4, 16)], 6, 3, 20, 300_000, 20)
QUICK = Plan(500, 128 << 20, [(1, 1000), (4, 1000), (4, 100), (4, 10)], 2, 1, 4, 50_000, 5)


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


def measure_machine(plan: Plan, workspace: Workspace, body, results: Results) -> None:
    with workspace.fresh("disk") as directory:
        results.sync_ms = machine.sync_latency(directory, plan.sync_rounds)
        print(report.machine_table(results) + "\n", flush=True)
        payload = body.path.read_bytes()
        for chunk in machine.FLOOR_CHUNKS:
            rates = [machine.append_rate(directory, payload, chunk, plan.floor_bytes) for _ in range(FLOOR_RUNS)]
            results.floor[chunk] = statistics.median(rates)
    print(report.floor_table(results) + "\n", flush=True)


def measure_cells(plan: Plan, binaries: Path, workspace: Workspace, bodies: dict, results: Results) -> None:
    for connections, batch_events in plan.cells:
        is_repeated = (connections, batch_events) == REPEATED_CELL
        runs = []
        for _ in range(plan.repeats if is_repeated else 1):
            run = measure_rate(binaries, workspace, bodies[batch_events], connections, plan.cell_seconds)
            runs.append(run)
            print(f"  {connections} × {batch_events}: {run.events_per_second:,.0f} events/s", file=sys.stderr)
        results.cells.append(sorted(runs, key=lambda run: run.events_per_second)[len(runs) // 2])
        if is_repeated:
            results.repeated = runs
    print(report.rate_table(results) + f"\n\n{report.spread(results)}\n", flush=True)


def run(arguments: argparse.Namespace, workspace: Workspace, results: Results) -> None:
    plan = QUICK if arguments.quick else FULL
    binaries, client = arguments.binaries, arguments.client
    bodies = {size: make_body(workspace.root, CALL_BATCHES[size], size) for size in CALL_BATCHES}
    results.event_bytes = bodies[1000].event_bytes
    measure_machine(plan, workspace, bodies[1000], results)
    measure_cells(plan, binaries, workspace, bodies, results)

    half = statistics.median(cell.events_per_second for cell in results.repeated) / 2
    singles = make_body(workspace.root, 1000, 1)
    for body, rate in (
        (bodies[1000], REQUIRED_EVENTS_PER_SECOND / 2), (bodies[1000], half), (singles, SINGLE_EVENTS_PER_SECOND),
    ):
        # What the cells before have deleted is still being trimmed by the device, and would be measured here.
        os.sync()
        time.sleep(SETTLE_SECONDS)
        results.latencies.append(
            measure_latency(binaries, workspace, client, body, LATENCY_CONNECTIONS, rate, plan.latency_seconds))
    print(report.latency_table(results) + "\n", flush=True)

    results.drain = measure_drain(binaries, workspace, bodies[1000], plan.drain_events)
    print(report.drain_table(results.drain) + "\n", flush=True)

    # A backlog that outlasts the measurement even at the full drain rate, so that the forwarder is never idle in it.
    backlog = int(results.drain.events_per_second * (plan.both_seconds + 1))
    small = make_body(workspace.root, 100, BOTH_BATCH_EVENTS)
    results.both = measure_both(
        binaries, workspace, client, bodies[1000], small, backlog, BOTH_EVENTS_PER_SECOND, plan.both_seconds)
    print(report.both_table(results.both) + "\n" + report.backlog_sentence(results.both) + "\n", flush=True)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench")
    parser.add_argument("--quick", action="store_true")
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
        results = Results(
            datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC"), commit(), arguments.quick, load, description)
        total_before, stolen_before = machine.processor_seconds()
        run(arguments, workspace, results)
        total, stolen = machine.processor_seconds()
        results.stolen = (stolen - stolen_before) / max(1, total - total_before)
    except (BenchmarkError, subprocess.CalledProcessError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        workspace.remove()
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    arguments.output.write_text(markdown(results))
    print(f"{time.monotonic() - started:.0f} s; written to {arguments.output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
