"""An exporter whose stream breaks in the middle of a batch, and which sends again what was not answered."""
import gateway
from wiretap import Wiretap

# The server has begun to answer: 1,800 ids of 36 bytes and a bit of HTTP/2 are more.
ANSWERED_BYTES = 50_000


def main():
    options = gateway.arguments(
        __doc__,
        how={"choices": ["reset", "close", "lose"], "required": True},
        after={"type": int, "default": 2_500_000, "help": "bytes that may pass before that"},
        events={"type": int, "default": 10_000})
    values = gateway.events(options.name, options.events)
    gateway.write_expectations(options.output, values)
    metadata = gateway.metadata(f"{options.name}-request")
    requests = [metadata, *(gateway.batch(part) for part in gateway.chunks(values))]
    # In the middle of the third batch; it breaks once something is acknowledged, to a client that reads (`reset`,
    # `close`) or to one that does not (`lose`). `first` exists by then.
    tap = Wiretap(
        options.port, hold_after=options.after,
        until=lambda: tap.server_bytes > ANSWERED_BYTES if options.how == "lose" else first.acknowledged,
        then=(lambda: first.cancel()) if options.how == "reset" else None)
    with gateway.connect(tap.port) as channel:
        first = gateway.Stream(channel, requests)
        if options.how == "lose":
            first.finish()
        else:
            first.read()
        # A channel that closes takes what it has not written yet with it.
        if options.how == "reset":
            tap.wait_for("client", "reset")
    acknowledged = set(first.acknowledged)
    rest = [value for value in values if value.id not in acknowledged]
    with gateway.connect(options.port) as channel:
        again = [metadata, *(gateway.batch(part) for part in gateway.chunks(rest))]
        second = gateway.Stream(channel, again).finish()
    gateway.finish(
        firstCode=first.code, firstAcknowledged=len(acknowledged), bytesBefore=tap.client_bytes,
        resets=tap.frames["client"].get("reset", 0), resent=len(rest), code=second.code, details=second.details,
        inOrder=second.acknowledged == [value.id for value in rest],
        acknowledged=sorted(acknowledged | set(second.acknowledged)))


if __name__ == "__main__":
    main()
