"""One stream that has an event at its begin and one at its end, long after."""
import time

import gateway


def main():
    options = gateway.arguments(
        __doc__, seconds={"type": float, "default": 125, "help": "how long the stream lasts at least"})
    values = gateway.events(options.name, 2)

    def requests():
        yield gateway.metadata(f"{options.name}-request")
        yield gateway.batch(values[:1])
        time.sleep(options.seconds)
        yield gateway.batch(values[1:])

    started = time.monotonic()
    with gateway.connect(options.port, options=gateway.KEEPALIVE) as channel:
        stream = gateway.Stream(channel, requests(), limit=options.seconds + gateway.TIME_LIMIT).read()
    gateway.finish(
        code=stream.code, details=stream.details, seconds=time.monotonic() - started,
        acknowledged=stream.acknowledged)


if __name__ == "__main__":
    main()
