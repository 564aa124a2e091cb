"""The transcoder beside SwiftProtobuf, as the tests of Contract measure it in a release build."""
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from processes import BenchmarkError, die_with_parent

SCRATCH = ".build-core-release"
TIMEOUT_SECONDS = 120
# Without optimized tests there is nothing to compare; without testing enabled they do not compile.
OPTIONS = ["-c", "release", "-Xswiftc", "-enable-testing", "--scratch-path", SCRATCH]
PATTERN = re.compile(
    r"^typical: (\d+) B on the wire, (\d+) B out; transcoded (\d+) ns/event .*decoded (\d+) ns/event .*ratio ([\d.]+)",
    re.MULTILINE)


@dataclass
class Transcoder:
    """Nanoseconds an event, on one core."""
    wire_bytes: int
    message_bytes: int
    transcoded_ns: int
    decoded_ns: int
    ratio: float


def measure_transcoder(repository: Path) -> Transcoder:
    """Runs what scripts/bench has built."""
    command = ["swift", "test", *OPTIONS, "--skip-build", "--filter", "TranscoderMeasurement/typicalEvents"]
    environment = {**os.environ, "GATEWAY_MEASURE": "1", "GATEWAY_ROOMS": "core"}
    try:
        # Its exit code says whether the target is met, which the report says as well.
        done = subprocess.run(
            command, cwd=repository, env=environment, capture_output=True, text=True, check=False,
            timeout=TIMEOUT_SECONDS, preexec_fn=die_with_parent)
    except subprocess.TimeoutExpired:
        raise BenchmarkError(f"it did not end in {TIMEOUT_SECONDS} s") from None
    found = PATTERN.search(done.stdout)
    if found is None:
        raise BenchmarkError(f"it printed no result:\n{done.stdout[-500:]}{done.stderr[-500:]}")
    return Transcoder(int(found[1]), int(found[2]), int(found[3]), int(found[4]), float(found[5]))
