"""Whether the commands, flags and keys that pages name exist in the programs."""
import functools
import re
import subprocess

from links import SPAN
from pages import without_blocks

KEY = re.compile(r"\b(?:TELEMETRY_)?GATEWAY_[A-Z0-9_]*[A-Z0-9](?![A-Z0-9_]*[…*])")
# Of scripts and tests, and one that is known and does nothing; no program reads them as settings.
OTHERS = {
    "GATEWAY_BINARIES", "GATEWAY_ROOMS", "GATEWAY_SCRATCH_PATH", "TELEMETRY_GATEWAY_EVENTS_STREAM_PUBLISH_CONCURRENCY",
}


class Programs:
    """What the programs say of themselves."""

    def __init__(self, environment):
        self.environment = environment

    def _output(self, *command):
        done = subprocess.run(
            command, env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
        return done.stdout if done.returncode == 0 else ""

    @functools.cached_property
    def keys(self):
        """The names of every key; empty when the programs do not tell."""
        names = set()
        for program in ("telemetry-ingest", "telemetry-forwarder"):
            names |= set(re.findall(r"^  ([A-Z][A-Z0-9_]+)$", self._output(program, "--help"), re.M))
        return names

    @functools.cache
    def help(self, *command):
        """The help of a program or a command of gatewayctl; empty for none."""
        if command[0] == "gatewayctl":
            return self._output("gatewayctl", "help", *command[1:])
        return self._output(*command, "--help")

    def subcommands(self, *command):
        text = self.help(*command).partition("\nSUBCOMMANDS:\n")[2]
        return re.findall(r"^  ([a-z][a-z-]*)(?: |$)", text, re.M)


def command_problem(programs, span):
    """What is wrong with a command line in a code span; None when it is fine or no command of ours."""
    parts = re.split(r"\s\|\s", span)[0].split() or [""]
    if parts[0] not in ("gatewayctl", "telemetry-ingest", "telemetry-forwarder") or len(parts) == 1:
        return None
    command, rest = [parts[0]], parts[1:]
    while command[0] == "gatewayctl" and rest and re.fullmatch(r"[a-z][a-z|-]*", rest[0]):
        known = programs.subcommands(*command)
        if not known:
            break
        names = rest[0].split("|")
        unknown = [name for name in names if name not in known]
        if unknown:
            return f"{' '.join(command)} has no {unknown[0]}: {', '.join(known)}"
        command, rest = [*command, names[0]], rest[1:]
    text = programs.help(*command)
    for flag in rest:
        name = re.match(r"--[a-z][a-z-]*", flag)
        if name and not re.search(rf"(?<![\w-]){re.escape(name[0])}(?![\w-])", text):
            return f"{' '.join(command)} has no {name[0]}"
    return None


@functools.cache
def flags_of_scripts(root):
    """Every flag that stands in a script, or in what the scripts run."""
    texts = subprocess.run(
        ["git", "grep", "-hoE", "--untracked", "-e", "--[a-z][a-z-]+", "--", "scripts", "Tests"], cwd=root,
        capture_output=True, text=True).stdout
    return set(texts.split())


def script_problem(root, span):
    """What is wrong with a script's command line in a code span."""
    parts = span.split()
    if not parts or not parts[0].startswith("scripts/"):
        return None
    unknown = [part for part in parts[1:] if part.startswith("--") and part not in flags_of_scripts(root)]
    return f"{parts[0]} has no {unknown[0]}" if unknown else None


def check(root, programs, page, text):
    """Problems of a page."""
    problems = []
    # What is in blocks is run.
    for number, line in enumerate(without_blocks(text).splitlines(), 1):
        for key in KEY.findall(line):
            if key not in programs.keys | OTHERS:
                problems.append(f"{page}:{number}: no program reads {key}")
        for span in SPAN.findall(line):
            problem = command_problem(programs, span) or script_problem(root, span)
            if problem:
                problems.append(f"{page}:{number}: {problem}")
    return problems
