"""Reads a process's metrics once a second while it is measured, as Prometheus would."""
import http.client
import threading
import time
from dataclasses import dataclass

INTERVAL_SECONDS = 1
TIMEOUT_SECONDS = 10


@dataclass
class Scrapes:
    """All scrapes of one run."""
    done: int = 0
    failed: int = 0
    slowest_ms: float = 0


def fetch_metrics(port: int, timeout: float = TIMEOUT_SECONDS) -> str | None:
    """The text of /metrics; None where nothing of that kind is served."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", "/metrics")
        response = connection.getresponse()
        text = response.read().decode()
        return text if response.status == 200 and "# TYPE" in text else None
    except (OSError, http.client.HTTPException, UnicodeDecodeError):
        return None
    finally:
        connection.close()


class Scraper:
    """Scrapes from its start until it is stopped."""

    def __init__(self, port: int, scrapes: Scrapes) -> None:
        self.port = port
        self.scrapes = scrapes
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        while not self.stopped.wait(INTERVAL_SECONDS):
            started = time.monotonic()
            text = fetch_metrics(self.port)
            if self.stopped.is_set():
                return
            self.scrapes.done += 1
            self.scrapes.failed += text is None
            self.scrapes.slowest_ms = max(self.scrapes.slowest_ms, (time.monotonic() - started) * 1000)

    def stop(self) -> None:
        self.stopped.set()
        self.thread.join(TIMEOUT_SECONDS * 2)
