"""A receiver of spans (OTLP over HTTP) and of error events (Sentry's envelopes), decoded by the official packages.

Prints one line when it is ready and runs until it is killed. GET /received gives all that was taken and all that was
refused, and every body as it came in base64; POST /behaviour sets what comes next: {"traces": [{"status": 429,
"headers": {"Retry-After": "1"}}, …], "errors": […]}: one answer each, then 200 again. "hold" in an answer waits for
POST /release before it answers.
"""
import base64
import gzip
import http.server
import json
import threading
import time

from opentelemetry.proto.collector.trace.v1 import trace_service_pb2
from sentry_sdk.envelope import Envelope

lock = threading.Lock()
released = threading.Event()
behaviour = {"traces": [], "errors": []}
received = {"spans": [], "resources": [], "events": [], "requests": []}


def value(any_value):
    kind = any_value.WhichOneof("value")
    return getattr(any_value, kind) if kind else None


def attributes(pairs):
    return {pair.key: value(pair.value) for pair in pairs}


def decode_spans(body):
    request = trace_service_pb2.ExportTraceServiceRequest.FromString(body)
    spans, resources = [], []
    for resource_spans in request.resource_spans:
        resource = attributes(resource_spans.resource.attributes)
        resources.append({"attributes": resource, "schema_url": resource_spans.schema_url})
        for scope_spans in resource_spans.scope_spans:
            for span in scope_spans.spans:
                spans.append({
                    "process": resource.get("process.executable.name"), "scope": scope_spans.scope.name,
                    "trace": span.trace_id.hex(), "id": span.span_id.hex(), "parent": span.parent_span_id.hex(),
                    "name": span.name, "kind": span.kind, "start": span.start_time_unix_nano / 1e9,
                    "end": span.end_time_unix_nano / 1e9, "attributes": attributes(span.attributes),
                    "links": [f"{link.trace_id.hex()}-{link.span_id.hex()}" for link in span.links],
                    "status": span.status.code, "flags": span.flags})
    return spans, resources


def decode_events(body):
    events = []
    for item in Envelope.deserialize(body).items:
        assert item.type == "event", item.type
        events.append(item.get_event() or item.payload.json)
    return events


class Endpoints(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        with lock:
            self.answer(200, json.dumps(received).encode())

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/behaviour":
            with lock:
                behaviour.update(json.loads(body))
            released.clear()
            self.answer(200, b"{}")
        elif self.path == "/release":
            released.set()
            self.answer(200, b"{}")
        else:
            self.receive(body)

    def receive(self, body):
        kind = "traces" if self.path.endswith("/v1/traces") else "errors"
        with lock:
            planned = behaviour[kind].pop(0) if behaviour[kind] else {"status": 200}
            record = {
                "kind": kind, "path": self.path, "status": planned["status"], "at": time.monotonic(),
                "headers": {name.lower(): text for name, text in self.headers.items()},
            }
            received["requests"].append(record)
        if planned.get("hold"):
            released.wait()
        plain = gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body
        record["body"] = base64.b64encode(plain).decode()
        if planned["status"] == 200:
            try:
                with lock:
                    if kind == "traces":
                        spans, resources = decode_spans(plain)
                        received["spans"] += spans
                        received["resources"] += resources
                    else:
                        received["events"] += decode_events(plain)
            except Exception as error:  # noqa: BLE001: the test shows whatever it is
                record["problem"] = repr(error)
                self.answer(400, b"")
                return
        self.answer(planned["status"], b"", planned.get("headers", {}))

    def answer(self, status, body, headers={}):
        self.send_response(status)
        for name, text in headers.items():
            self.send_header(name, text)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Endpoints)
    server.daemon_threads = True
    print(json.dumps({"message": "listening", "port": server.server_port}), flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
