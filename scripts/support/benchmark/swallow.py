"""A destination that is faster than the disk: files in memory, checked and removed as soon as they are finished."""
import json
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench import Bench
from processes import BenchmarkError, die_with_parent

MEMORY = Path("/dev/shm")


@dataclass
class Swallowed:
    events: int
    bytes: int


class Swallower:
    """Takes what is delivered into `directory`, until the end of a `with` block."""

    def __init__(self, bench: Bench, most_events: int) -> None:
        """No more than `most_events` may come."""
        if not MEMORY.is_dir():
            raise BenchmarkError(f"there is no {MEMORY} for a destination in memory")
        self._temporary = tempfile.TemporaryDirectory(prefix="gateway-bench-", dir=MEMORY)
        self.directory = Path(self._temporary.name) / "delivered"
        self._process = subprocess.Popen(
            [bench.client, "swallow", "--events", str(most_events), self.directory], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=die_with_parent)

    def __enter__(self) -> "Swallower":
        return self

    def __exit__(self, kind, error, trace) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.communicate()
        self._temporary.cleanup()

    def finish(self, events: int) -> Swallowed:
        """What came, once the forwarder has stopped: each of so many events exactly once, or it is an error."""
        output, errors = self._process.communicate()
        if self._process.returncode != 0:
            raise BenchmarkError(f"what was delivered is not what was sent: {errors.strip()}")
        result = json.loads(output)
        if result["events"] != events or result["end"] != events:
            raise BenchmarkError(
                f"{events} events were accepted and {result['events']} delivered, up to number {result['end']}")
        return Swallowed(result["events"], result["bytes"])
