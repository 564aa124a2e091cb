"""What the --help of a service says, taken apart: the package's settings files and manual pages are made from it."""

import re
import subprocess
from dataclasses import dataclass


@dataclass(frozen=True)
class Key:
    """One setting."""

    name: str
    facts: list[str]
    meaning: str

    @property
    def default(self) -> str | None:
        """The default as one writes it; None when there is none."""
        for fact in self.facts:
            if fact.startswith("default "):
                text = fact.removeprefix("default ")
                return "" if text == "empty" else text
        return None


@dataclass(frozen=True)
class ServiceHelp:
    """The whole text."""

    name: str
    version: str
    purpose: str
    flags: list[tuple[str, str]]
    keys: list[Key]
    exit_codes: list[tuple[str, str]]


def read(binary: str) -> ServiceHelp:
    """Asks a service for its help. Raises ValueError when its text has another shape than this knows."""
    text = subprocess.run([binary, "--help"], check=True, capture_output=True, text=True, env={}).stdout
    head = re.match(r"(\S+) (\S+): (.*)\n", text)
    flags = re.findall(r"^  (--\S+(?: [A-Z]+)?) {2,}(\S.*(?:\n {10,}\S.*)*)$", text, re.M)
    keys = re.findall(r"^  ([A-Z][A-Z0-9_]+)\n      (\S.*)\n      (\S.*)$", text, re.M)
    codes = re.search(r"^Exit codes: ([\s\S]*?)\.\s*$", text, re.M)
    if not head or not flags or not keys or not codes:
        raise ValueError(f"{binary} --help has another shape than expected")
    if len(keys) != len(re.findall(r"^  [A-Z][A-Z0-9_]+$", text, re.M)):
        raise ValueError(f"{binary} --help has a key without its two lines")
    pairs = [part.strip().split(" ", 1) for part in re.sub(r"\s+", " ", codes[1]).split(",")]
    return ServiceHelp(
        name=head[1],
        version=head[2],
        purpose=head[3].rstrip("."),
        flags=[(flag, re.sub(r"\s+", " ", meaning)) for flag, meaning in flags],
        keys=[Key(name, facts.split("; "), meaning) for name, facts, meaning in keys],
        exit_codes=[(code, meaning) for code, meaning in pairs],
    )
