"""Starts and stops the gateway's processes, and reads what they used from /proc."""
import ctypes
import json
import os
import re
import select
import shutil
import signal
import subprocess
import time
from pathlib import Path

from scraping import Scraper, Scrapes

READY_TIMEOUT_SECONDS = 60
STOP_TIMEOUT_SECONDS = 60
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


class BenchmarkError(Exception):
    """A figure could not be measured, or what was measured is not true."""


def die_with_parent() -> None:
    """Runs in a child before exec: even a killed benchmark leaves no process behind."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Gateway:
    """One telemetry-ingest or telemetry-forwarder, until the end of a `with` block."""

    def __init__(
        self, binary: Path, directory: Path, warnings: set[str], scrapes: Scrapes | None, **environment: object
    ) -> None:
        """What it warns about goes to `warnings`; with `scrapes` its metrics are read once a second."""
        self.name = binary.name
        self.warnings = warnings
        self.scrapes = scrapes
        self.scraper = None
        self.directory = directory
        self.log = directory / f"{self.name}.log"
        # Nothing that the caller's shell has set for a gateway may change what is measured.
        inherited = {
            key: value for key, value in os.environ.items()
            if key != "PORT" and not key.startswith(("GATEWAY_", "PUBSUB_", "TELEMETRY_GATEWAY_"))
        }
        inherited["GATEWAY_SPOOL_DIRECTORY"] = str(directory / "spool")
        inherited.update({key: str(value) for key, value in environment.items()})
        self.started = time.monotonic()
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [binary], env=inherited, stdout=subprocess.PIPE, stderr=log, preexec_fn=die_with_parent)
        self.port = 0
        self.ready_seconds = 0.0
        self.ended = None

    def __enter__(self) -> "Gateway":
        try:
            self.port = self._wait_until_ready()
            self.ready_seconds = time.monotonic() - self.started
        except BaseException:
            self.kill()
            raise
        if self.scrapes is not None:
            self.scraper = Scraper(self.port, self.scrapes)
        return self

    def __exit__(self, kind, error, trace) -> None:
        if self.ended is None:
            self.kill()

    def _wait_until_ready(self) -> int:
        if not select.select([self.process.stdout], [], [], READY_TIMEOUT_SECONDS)[0]:
            raise BenchmarkError(f"{self.name} was not ready in {READY_TIMEOUT_SECONDS} s:\n{self.log_tail()}")
        line = self.process.stdout.readline()
        try:
            return int(json.loads(line)["port"])
        except (ValueError, KeyError):
            raise BenchmarkError(f"{self.name} did not start:\n{self.log_tail()}") from None

    def log_tail(self) -> str:
        return "".join(self.log.read_text().splitlines(keepends=True)[-5:])

    def cpu_times(self) -> tuple[float, float]:
        """Seconds so far in the program and in the kernel."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[11]) / TICKS_PER_SECOND, int(fields[12]) / TICKS_PER_SECOND

    def cpu_seconds(self) -> float:
        return sum(self.cpu_times())

    def peak_bytes(self) -> int:
        """Peak resident memory, mapped files included."""
        return int(re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{self.process.pid}/status").read_text())[1]) * 1024

    def stop(self) -> None:
        """Stops it gracefully; anything but exit code 0 is an error."""
        self._stop_scraping()
        self.process.send_signal(signal.SIGTERM)
        try:
            self.ended = self.process.wait(STOP_TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            raise BenchmarkError(f"{self.name} did not stop in {STOP_TIMEOUT_SECONDS} s") from None
        finally:
            self.process.stdout.close()
        if self.ended != 0:
            raise BenchmarkError(f"{self.name} ended with exit code {self.ended}:\n{self.log_tail()}")

    def _stop_scraping(self) -> None:
        if self.scraper is not None:
            self.scraper.stop()
            self.scraper = None

    def kill(self) -> None:
        self.process.kill()
        self._stop_scraping()
        self.ended = self.process.wait()
        self.process.stdout.close()

    def sealed_events(self) -> int:
        """Events in the segments that a stopped ingest says it has sealed."""
        total = 0
        for line in self.log.read_text().splitlines():
            entry = json.loads(line)
            if entry["message"] == "segment sealed":
                if entry["quarantined"] != "0":
                    raise BenchmarkError("events of the benchmark were quarantined")
                total += int(entry["events"])
            elif entry["level"] in ("error", "critical"):
                raise BenchmarkError(f"{self.name} logged: {line}")
            elif entry["level"] == "warning":
                self.warnings.add(f"{self.name}: {entry['message']}")
        return total


class Workspace:
    """A directory under var/bench with a fresh directory for each measurement, all removed at the end."""

    def __init__(self, root: Path) -> None:
        self.root = root
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir(parents=True)

    def fresh(self, name: str) -> "FreshDirectory":
        return FreshDirectory(self.root / name)

    def remove(self) -> None:
        shutil.rmtree(self.root, ignore_errors=True)


class FreshDirectory:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> Path:
        self.path.mkdir()
        return self.path

    def __exit__(self, kind, error, trace) -> None:
        shutil.rmtree(self.path)
        # What is still being written back or discarded must not be charged to the next measurement.
        os.sync()


def allocated_bytes(directory: Path) -> int:
    """Bytes that the files of a directory take on disk."""
    return sum(path.stat().st_blocks * 512 for path in directory.rglob("*") if path.is_file())
