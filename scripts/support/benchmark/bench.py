"""What every measurement needs: the binaries, the load client, a directory, and the gateway with everything on."""
import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from processes import BenchmarkError, Gateway, Workspace, die_with_parent
from scraping import Scrapes, fetch_metrics

SUPPORT = Path(__file__).resolve().parent.parent
REPOSITORY = SUPPORT.parent.parent
# Genuine, not expired, and of a plan that exports.
LICENCE_NAME = "v3 ok"


@dataclass
class Body:
    """A prepared RecordEvents call."""
    path: Path
    batches: int
    batch_events: int
    event_bytes: int

    @property
    def events(self) -> int:
        return self.batches * self.batch_events


@dataclass
class Bench:
    binaries: Path
    client: Path
    workspace: Workspace
    license_key: str = ""
    public_key_file: Path = Path()
    # None while it is not known whether ingest serves metrics.
    ingest_has_metrics: bool | None = None
    scrapes: Scrapes = field(default_factory=Scrapes)
    # What the gateway warned about, by message.
    warnings: set[str] = field(default_factory=set)

    def prepare(self) -> None:
        """Makes the sender a licensed instance, and finds out whether ingest serves metrics on its port."""
        found = sorted(REPOSITORY.glob("Tests/**/license_keys.json"))
        if not found:
            raise BenchmarkError("there is no license_keys.json below Tests")
        vectors = json.loads(found[0].read_text())
        self.license_key = next(case["license_key"] for case in vectors["cases"] if case["name"] == LICENCE_NAME)
        self.public_key_file = self.workspace.root / "license.pub"
        self.public_key_file.write_text(vectors["public_key"].strip() + "\n")
        with self.workspace.fresh("probe") as directory, self.ingest(directory) as ingest:
            # A client of another kind may upset a build that speaks gRPC only; this one is killed after it.
            self.ingest_has_metrics = fetch_metrics(ingest.port) is not None

    def body(self, batches: int, batch_events: int) -> Body:
        path = self.workspace.root / f"body-{batches}x{batch_events}.bin"
        command = [
            sys.executable, str(SUPPORT / "request_body.py"), "--batches", str(batches), "--events", str(batch_events),
            "--client", "benchmark", "--license-key", self.license_key, "--output", str(path),
        ]
        size = subprocess.run(command, check=True, capture_output=True, text=True, preexec_fn=die_with_parent).stdout
        return Body(path, batches, batch_events, int(size))

    def ingest(self, directory: Path) -> Gateway:
        return Gateway(
            self.binaries / "telemetry-ingest", directory, self.warnings,
            self.scrapes if self.ingest_has_metrics else None,
            PORT=0, GATEWAY_LISTEN_HOST="127.0.0.1", GATEWAY_LICENSE_PUBLIC_KEY_FILE=self.public_key_file)

    def forwarder(self, directory: Path, destination: Path | None = None) -> Gateway:
        """Delivers to a directory; by default `delivered` beside the spool."""
        return Gateway(
            self.binaries / "telemetry-forwarder", directory, self.warnings, self.scrapes,
            GATEWAY_FORWARDER_PORT=0, GATEWAY_FORWARDER_HOST="127.0.0.1",
            GATEWAY_DESTINATIONS=f"file://{destination or directory / 'delivered'}")
