"""Describes the machine, and measures what its disk can do."""
import os
import platform
import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from processes import BenchmarkError

MEMORY_FILE_SYSTEMS = {"tmpfs", "ramfs"}
QUIET_LOAD = 0.5
SYNC_BLOCK_BYTES = 4 << 10
FLOOR_CHUNKS = (1 << 20, 8 << 20)
MODEL_PATTERN = r"^model name\s*:\s*(.*)$"


@dataclass
class Mount:
    device: str
    kind: str
    options: str


def mount_of(directory: Path) -> Mount:
    """The mount that a directory is on. Refuses file systems in memory: nothing is durable there."""
    device_number = os.stat(directory).st_dev
    wanted = f"{os.major(device_number)}:{os.minor(device_number)}"
    found = None
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        before, _, after = line.partition(" - ")
        fields = before.split()
        if fields[2] == wanted:
            kind, device, options = after.split()[:3]
            found = Mount(device, kind, options)
    if found is None:
        found = Mount("unknown", "unknown", "")
    if found.kind in MEMORY_FILE_SYSTEMS:
        raise BenchmarkError(
            f"{directory} is on {found.kind}, which is memory: fdatasync costs nothing there, so no figure would be "
            "true. Give a directory on a real disk with --directory.")
    return found


def first_match(pattern: str, text: str) -> str:
    match = re.search(pattern, text, re.MULTILINE)
    return match[1].strip() if match else "unknown"


def output_of(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    except OSError:
        return ""


def disk_traits(device: str, kind: str) -> str:
    """What decides the price of a sync: the file system's journal and the disk's volatile cache."""
    name = os.path.basename(os.path.realpath(device))
    traits = []
    if kind == "ext4":
        has_journal = any(Path("/proc/fs/jbd2").glob(f"{name}-*"))
        traits.append("with journal" if has_journal else "without journal")
    cache = Path(f"/sys/class/block/{name}/queue/write_cache")
    if cache.exists():
        traits.append(f"disk cache: {cache.read_text().strip()}")
    return "".join(f", {trait}" for trait in traits)


def processor_seconds() -> tuple[float, float]:
    """Time of all cores since the machine started, and the part that the hypervisor gave to others."""
    fields = [int(field) for field in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return sum(fields), fields[7]


def describe(directory: Path) -> dict[str, str]:
    """What the figures depend on, as lines for a table."""
    mount = mount_of(directory)
    processor = Path("/proc/cpuinfo").read_text()
    memory = int(first_match(r"^MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text()))
    release = first_match(r'^PRETTY_NAME="(.*)"', Path("/etc/os-release").read_text())
    return {
        "processor": f"{first_match(MODEL_PATTERN, processor)}, {len(os.sched_getaffinity(0))} cores",
        "memory": f"{memory / (1 << 20):.1f} GiB",
        "system": f"{release}, Linux {platform.release()}",
        "spool on": f"{mount.kind} on {mount.device} ({mount.options})"
                    f"{disk_traits(mount.device, mount.kind)}",
        "Swift": first_match(r"Swift version (\S+)", output_of("swift", "--version")),
        "SQLite, libcurl": f"{output_of('pkg-config', '--modversion', 'sqlite3')}, "
                           f"{output_of('pkg-config', '--modversion', 'libcurl')}",
    }


def nearest_rank(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[max(0, -(-int(share * 1000) * len(ordered) // 1000) - 1)]


def sync_latency(directory: Path, rounds: int) -> tuple[float, float]:
    """Median and 99th percentile of a 4 KiB append with fdatasync, in ms."""
    path = directory / "sync"
    block = os.urandom(SYNC_BLOCK_BYTES)
    times = []
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    try:
        for _ in range(rounds):
            started = time.perf_counter()
            os.write(descriptor, block)
            os.fdatasync(descriptor)
            times.append((time.perf_counter() - started) * 1000)
    finally:
        os.close(descriptor)
        path.unlink()
    return nearest_rank(times, 0.5), nearest_rank(times, 0.99)


def append_rate(directory: Path, payload: bytes, chunk: int, total: int) -> float:
    """Bytes per second of appending `payload` again and again to a plain file, with fdatasync after each chunk."""
    path = directory / "floor"
    source = memoryview(payload * (chunk // len(payload) + 2))
    span = len(source) - chunk
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    written = 0
    started = time.perf_counter()
    try:
        while written < total:
            offset = written % span
            written += os.write(descriptor, source[offset:offset + chunk])
            os.fdatasync(descriptor)
        return written / (time.perf_counter() - started)
    finally:
        os.close(descriptor)
        path.unlink()
