"""What the clients of this folder share: messages, channels, and a stream as the exporters in the field make it.

Nothing here is the project's code: messages are protobuf's, the channel is grpcio's. Every script prints one JSON
object.
"""
import argparse
import functools
import json
import pathlib
import random
import sys
import threading

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / ".venv" / "protos"))

import grpc  # noqa: E402
from google.protobuf import json_format  # noqa: E402
from telemetrygateway.v1 import telemetrygateway_pb2 as messages  # noqa: E402
from telemetrygateway.v1 import telemetrygateway_pb2_grpc as services  # noqa: E402

# The chunker of the exporters: the sum of the events' sizes in one message stays below this.
CHUNK_BYTES = 1 << 20
# What both ends take at most.
MESSAGE_BYTES = 90 << 20
# No call of a test may wait for ever.
TIME_LIMIT = 120

# The keepalive of managed services' clients: a ping every 20 s, also without streams.
KEEPALIVE = [
    ("grpc.keepalive_time_ms", 20_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.max_pings_without_data", 0),
]


def arguments(description, **more):
    """Reads --port and --output, and what a script adds."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--port", type=int, required=True, help="where ingest listens")
    parser.add_argument("--output", help="a directory for sent.ndjson: what must be delivered")
    parser.add_argument("--name", default="python", help="begins every id")
    for name, options in more.items():
        parser.add_argument("--" + name.replace("_", "-"), **options)
    return parser.parse_args()


def finish(**result):
    """Prints the result of a script."""
    print(json.dumps(result))


def connect(port, gzip=False, options=(), authority=None, certificate=None):
    """A channel as the exporters open it.

    With TLS where `authority` is a file with the certificate of the server's authority; `certificate` is a file with
    the client's own certificate and key.
    """
    if authority is None:
        open_channel = grpc.insecure_channel
    else:
        own = pathlib.Path(certificate).read_bytes() if certificate else None
        credentials = grpc.ssl_channel_credentials(pathlib.Path(authority).read_bytes(), own, own)
        open_channel = functools.partial(grpc.secure_channel, credentials=credentials)
    return open_channel(
        f"127.0.0.1:{port}",
        compression=grpc.Compression.Gzip if gzip else grpc.Compression.NoCompression,
        options=[
            ("grpc.max_receive_message_length", MESSAGE_BYTES),
            ("grpc.max_send_message_length", -1),
            ("grpc.enable_retries", 0),
            # One connection for each channel, shared with none.
            ("grpc.use_local_subchannel_pool", 1),
            *options,
        ],
    )


def metadata(request_id, instance="instance", licence=None, service=None, environment=None):
    """The first message of a stream."""
    request = messages.RecordEventsRequest()
    request.metadata.CopyFrom(identity(request_id, instance, licence, service, environment))
    return request


def identity(request_id, instance="instance", licence=None, service=None, environment=None):
    """Who sends."""
    value = messages.RecordEventsRequestMetadata(request_id=request_id)
    if service is not None:
        value.identifier.managed_service.service_id = service
        if environment is not None:
            value.identifier.managed_service.service_environment = environment
    elif licence is not None:
        sender = value.identifier.licensed_instance
        sender.license_key, sender.instance_id = licence, instance
        sender.external_url = "https://sourcegraph.example.com"
    else:
        value.identifier.unlicensed_instance.instance_id = instance
        value.identifier.unlicensed_instance.external_url = "https://sourcegraph.example.com"
    return value


def batch(events):
    """One events message."""
    request = messages.RecordEventsRequest()
    request.events.events.extend(events)
    if not events:
        request.events.SetInParent()
    return request


def event(identifier, number, filling=0):
    """An event of the usual size, 562 bytes give or take a few, with every kind of field in it."""
    rng = random.Random(number)
    value = messages.Event(id=identifier, feature="cody.completion", action="accepted")
    value.timestamp.seconds = 1_760_000_000 + number % 86_400
    value.timestamp.nanos = number % 1000 * 1_000_000
    value.source.server.version = "5.6.1234"
    value.source.client.name = "VSCode.Cody"
    value.source.client.version = "1.32.0"
    value.parameters.version = 1
    for index in range(4):
        value.parameters.metadata[f"metric{index}"] = rng.randrange(100_000) / 4
    value.parameters.metadata["recordsPrivateMetadataTranscript"] = number % 2
    value.parameters.private_metadata.update({"languageId": "swift", "list": [1, None, True, {"deep": "ü"}]})
    value.parameters.billing_metadata.product = "cody"
    value.parameters.billing_metadata.category = "billable"
    value.user.user_id = rng.randrange(1 << 40)
    value.user.anonymous_user_id = f"anonymous-{rng.getrandbits(64):016x}"
    value.feature_flags.flags["feature-flag"] = "true"
    value.interaction.trace_id = f"{rng.getrandbits(128):032x}"
    value.interaction.interaction_id = "interaction"
    if filling:
        value.parameters.private_metadata["text"] = identifier * (filling // len(identifier))
    else:
        value.parameters.private_metadata["padding"] = "x" * max(0, 546 - value.ByteSize())
    return value


def events(name, count):
    """So many events of the usual size, with ids as long as a UUID."""
    return [event(f"{name}-{number:0{35 - len(name)}d}", number) for number in range(count)]


def chunks(values):
    """Splits events as the exporters do: what a message holds already is sent before an event that would pass the
    limit, even when that is nothing."""
    current, size = [], 0
    for value in values:
        if value.ByteSize() + size >= CHUNK_BYTES:
            yield current
            current, size = [], 0
        current.append(value)
        size += value.ByteSize()
    if current:
        yield current


def expectation(value):
    """What must be delivered for an event, by protobuf's own JSON."""
    attributes = {
        "event.feature": value.feature,
        "event.action": value.action,
        "event.hasPrivateMetadata": str(value.parameters.HasField("private_metadata")).lower(),
    }
    for key, number in value.parameters.metadata.items():
        if key.startswith("recordsPrivateMetadata") and len(key) >= 24 and number > 0:
            attributes["event." + key] = "true"
    return {"id": value.id, "event": json_format.MessageToDict(value), "attributes": attributes}


def write_expectations(directory, values):
    """Writes sent.ndjson."""
    if directory is None:
        return
    with open(pathlib.Path(directory) / "sent.ndjson", "a", encoding="utf-8") as output:
        for value in values:
            output.write(json.dumps(expectation(value)) + "\n")


class Stream:
    """One RecordEvents call. Reads no response before it has half-closed, as the exporters."""

    def __init__(self, channel, requests, token=None, limit=TIME_LIMIT, half_close=True, headers=()):
        self.responses = []
        self.code, self.details = None, None
        self.trailers = {}
        self._sent = threading.Event()
        self._ended = threading.Event()
        self._half_close = half_close
        credentials = [("authorization", f"Bearer {token}")] if token is not None else []
        stub = services.TelemeteryGatewayServiceStub(channel)
        self._call = stub.RecordEvents(
            self._produce(requests), timeout=limit, metadata=[*credentials, *headers] or None)
        self._call.add_callback(self._finish_sending)

    def _produce(self, requests):
        try:
            yield from requests
            if not self._half_close:
                self._sent.set()
                self._ended.wait(TIME_LIMIT)
        finally:
            self._sent.set()

    def _finish_sending(self):
        self._sent.set()
        self._ended.set()

    def cancel(self):
        """Resets the stream."""
        self._call.cancel()

    def finish(self):
        """Waits until everything is sent, then reads all responses.

        Whatever has arrived before a failure counts: the exporters use partial acknowledgements.
        """
        self._sent.wait(TIME_LIMIT)
        return self.read()

    def read(self):
        """Reads all responses."""
        try:
            for response in self._call:
                self.responses.append(list(response.succeeded_events))
            self.code, self.details = "OK", ""
        except grpc.RpcError as error:
            self.code, self.details = error.code().name, error.details()
            self.trailers = {key: value for key, value in error.trailing_metadata() or () if isinstance(value, str)}
        self._ended.set()
        return self

    @property
    def acknowledged(self):
        """All ids of all responses."""
        return [identifier for response in self.responses for identifier in response]


def unary(channel, request, headers=()):
    """Calls RecordEvent. Returns code and message."""
    stub = services.TelemeteryGatewayServiceStub(channel)
    try:
        stub.RecordEvent(request, timeout=TIME_LIMIT, metadata=list(headers) or None)
        return "OK", ""
    except grpc.RpcError as error:
        return error.code().name, error.details()
