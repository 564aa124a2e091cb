"""A client that pings every 20 s while it has no stream, and then uses the connection again."""
import time

import gateway
from wiretap import Wiretap


def main():
    options = gateway.arguments(
        __doc__,
        seconds={"type": float, "default": 50, "help": "how long to be idle"},
        interval={"type": float, "default": 20, "help": "seconds between pings"})
    keepalive = dict(gateway.KEEPALIVE)
    keepalive["grpc.keepalive_time_ms"] = int(options.interval * 1000)
    values = gateway.events(options.name, 2)
    gateway.write_expectations(options.output, values)
    tap = Wiretap(options.port)
    streams = []
    with gateway.connect(tap.port, options=keepalive.items()) as channel:
        for value in values:
            if streams:
                time.sleep(options.seconds)
            requests = [gateway.metadata(f"{options.name}-request"), gateway.batch([value])]
            streams.append(gateway.Stream(channel, requests).finish())
        pings, goaways, connections = tap.pings("client"), list(tap.goaways), tap.connections
    gateway.finish(
        codes=[stream.code for stream in streams], pings=pings, connections=connections, goaways=goaways,
        acknowledged=[identifier for stream in streams for identifier in stream.acknowledged])


if __name__ == "__main__":
    main()
