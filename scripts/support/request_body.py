#!/usr/bin/env python3
"""Writes the body of one RecordEvents call: a metadata message, then batches of events, as gRPC frames.

A load driver can then send real requests with little knowledge of protobuf. The events are all different and about 600
bytes long; an id is the first field of its event and ends in 12 hexadecimal digits, which the driver counts up. With
--license-key the sender is a licensed instance, else an unlicensed one.
Usage: request_body.py --batches 10 --events 1000 --client bench-1 --output body.bin
"""
import argparse
import random
import struct


def varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def field(number: int, contents: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(contents)) + contents


def text(number: int, value: str) -> bytes:
    return field(number, value.encode())


def integer(number: int, value: int) -> bytes:
    return varint(number << 3) + varint(value)


def frame(message: bytes) -> bytes:
    return struct.pack(">BI", 0, len(message)) + message


def entry(key: str, value: float) -> bytes:
    return field(5, text(1, key) + varint(2 << 3 | 1) + struct.pack("<d", value))


def event(rng: random.Random, number: int) -> bytes:
    identifier = "%08x-%04x-7%03x-a%03x-%012x" % (
        rng.getrandbits(32), rng.getrandbits(16), rng.getrandbits(12), rng.getrandbits(12), number)
    seconds = 1_760_000_000 + number % 86_400
    metadata = b"".join(entry(f"metric{i}", float(rng.randrange(100_000))) for i in range(6))
    private = field(3, field(1, text(1, "languageId") + field(2, text(3, "swift")))
                    + field(1, text(1, "providerModel") + field(2, text(3, "model-" + "x" * 24))))
    parameters = integer(1, 1) + private + metadata
    return (
        text(1, identifier)
        + field(2, integer(1, seconds) + integer(2, rng.randrange(1_000_000_000)))
        + text(3, "cody.completion")
        + text(4, "accepted")
        + field(5, field(1, text(1, "5.6.1234")) + field(2, text(1, "VSCode.Cody") + text(2, "1.32.0")))
        + field(6, parameters)
        + field(7, integer(1, rng.randrange(5000)) + text(2, "anonymous-%016x" % rng.getrandbits(64)))
        + field(8, field(1, text(1, "feature-flag") + text(2, "true")))
        + field(9, text(1, "https://example.com/" + "z" * 112))
        + field(10, text(1, "%032x" % rng.getrandbits(128)) + text(2, "interaction-" + "y" * 40))
    )


def sender(client: str, license_key: str | None) -> bytes:
    """The Identifier message."""
    external_url = "https://bench.example.com"
    if license_key is None:
        return field(2, text(1, client) + text(2, external_url))
    return field(1, text(1, license_key) + text(2, client) + text(3, external_url))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--batches", type=int, required=True)
    parser.add_argument("--events", type=int, required=True)
    parser.add_argument("--client", default="bench")
    parser.add_argument("--license-key")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", required=True)
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    total = 0
    with open(arguments.output, "wb") as out:
        identifier = sender(arguments.client, arguments.license_key)
        out.write(frame(field(1, text(1, "bench-request") + field(2, identifier))))
        number = 0
        for _ in range(arguments.batches):
            events = bytearray()
            for _ in range(arguments.events):
                encoded = event(rng, number)
                total += len(encoded)
                events += field(1, encoded)
                number += 1
            out.write(frame(field(2, bytes(events))))
    print(total // max(1, number))


if __name__ == "__main__":
    main()
