"""Sends events to a telemetry gateway until each is acknowledged.

    python send_events.py --to localhost:10085 --instance my-instance events.ndjson

The file has one event a line, as protojson of telemetrygateway.v1.Event, each with an id. Needs grpcio, grpcio-status
and what grpcio-tools makes of telemetrygateway.proto (see docs/sending-events.md).
"""
import argparse
import random
import sys
import time
import uuid

import grpc
from google.protobuf import json_format
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from telemetrygateway.v1 import telemetrygateway_pb2 as messages
from telemetrygateway.v1 import telemetrygateway_pb2_grpc as services

BATCH_BYTES = 1 << 20
LONGEST_PAUSE = 60.0
# Waiting helps. All other codes need somebody who mends the sender or its rights; so does RESOURCE_EXHAUSTED when it
# does not say how long to wait: then a message is too long.
TEMPORARY = {
    grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.ABORTED, grpc.StatusCode.CANCELLED,
    grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN,
}


def requests(instance, events):
    """One stream: who sends, then the events in batches of about 1 MiB."""
    first = messages.RecordEventsRequest()
    first.metadata.request_id = str(uuid.uuid4())
    first.metadata.identifier.unlicensed_instance.instance_id = instance
    yield first
    batch, size = messages.RecordEventsRequest(), 0
    for event in events:
        if size and size + event.ByteSize() > BATCH_BYTES:
            yield batch
            batch, size = messages.RecordEventsRequest(), 0
        batch.events.events.append(event)
        size += event.ByteSize()
    if size:
        yield batch


def asked_pause(error):
    """The seconds that the gateway asks for, as google.rpc.RetryInfo; 0 when it does not say."""
    status = rpc_status.from_call(error)
    for detail in status.details if status else []:
        info = error_details_pb2.RetryInfo()
        if detail.Unpack(info):
            return info.retry_delay.seconds + info.retry_delay.nanos / 1e9
    return 0.0


def send(stub, instance, events):
    """Sends all events. Returns those that the gateway refused, by id, with the reason."""
    # What is here is ours to keep: an event leaves only when its id is in an answer.
    waiting = {event.id: event for event in events}
    refused, failures = {}, 0
    while waiting:
        try:
            for answer in stub.RecordEvents(requests(instance, list(waiting.values()))):
                for rejection in answer.rejections:
                    refused[rejection.id] = f"{rejection.code}: {rejection.message}"
                    # Sent as it is it would be refused again. An instance finds its id among the acknowledged as
                    # well; a managed service does not.
                    if not rejection.retryable:
                        waiting.pop(rejection.id, None)
                for identifier in answer.succeeded_events:
                    waiting.pop(identifier, None)
                failures = 0
        except grpc.RpcError as error:
            asked = asked_pause(error)
            if error.code() not in TEMPORARY and not asked:
                raise
            failures += 1
            pause = max(asked, random.uniform(0, min(LONGEST_PAUSE, 0.5 * 2**failures)))
            print(f"{error.code().name}: {error.details()}; again in {pause:.1f} s with the same ids", file=sys.stderr)
            time.sleep(pause)
    return refused


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--to", default="localhost:10085")
    parser.add_argument("--instance", default="my-instance")
    parser.add_argument("file")
    arguments = parser.parse_args()
    with open(arguments.file, encoding="utf-8") as lines:
        events = [json_format.Parse(line, messages.Event()) for line in lines if line.strip()]
    # With TLS: grpc.secure_channel(arguments.to, grpc.ssl_channel_credentials()).
    with grpc.insecure_channel(arguments.to) as channel:
        refused = send(services.TelemeteryGatewayServiceStub(channel), arguments.instance, events)
    for identifier, reason in refused.items():
        print(f"refused {identifier}: {reason}")
    print(f"{len(events) - len(refused)} of {len(events)} events recorded")


if __name__ == "__main__":
    main()
