"""What the services say of their keys: `--help`, taken apart."""
import dataclasses
import re
import subprocess

SERVICES = {"ingest": "telemetry-ingest", "forwarder": "telemetry-forwarder"}
ENTRY = re.compile(r"^  ([A-Z][A-Z0-9_]+)\n      (\S.*)\n      (\S.*)$", re.M)


@dataclasses.dataclass
class Key:
    name: str
    type: str
    unit: str
    allowed: str
    # Empty where the default is the empty text, None where there is none.
    default: str | None
    meaning: str
    secret: bool
    required: bool
    readers: list


def parse(text, reader):
    """The keys of one service. Raises ValueError when the help has another shape than this knows."""
    keys = {}
    for name, facts, meaning in ENTRY.findall(text):
        first, *rest = facts.split("; ")
        kind, _, unit = first.partition(" (")
        secret = rest[-1:] == ["secret"]
        *allowed, default = rest[:-1] if secret else rest
        if default not in ("required", "no default") and not default.startswith("default "):
            raise ValueError(f"{name}: no default in {facts}")
        value = default.removeprefix("default ") if default.startswith("default ") else None
        keys[name] = Key(
            name, kind, unit.rstrip(")"), "; ".join(allowed), "" if value == "empty" else value, meaning, secret,
            default == "required", [reader])
    if len(keys) != len(re.findall(r"^  [A-Z][A-Z0-9_]+$", text, re.M)) or not keys:
        raise ValueError(f"the help of {reader} has keys that can not be read")
    return keys


def read(directory):
    """Each key by its name, with the services that read it."""
    keys = {}
    for reader, program in SERVICES.items():
        text = subprocess.run(
            [f"{directory}/{program}", "--help"], env={}, check=True, capture_output=True, text=True,
            stdin=subprocess.DEVNULL).stdout
        for name, key in parse(text, reader).items():
            if name in keys:
                keys[name].readers.append(reader)
            else:
                keys[name] = key
    return keys
