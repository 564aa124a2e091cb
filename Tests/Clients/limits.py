"""Messages at the limit and beyond it, and a call whose deadline passes."""
import gateway


def batch_of(size, name):
    """A batch whose message has exactly so many bytes: events of about 1 MiB, and one that fills up."""
    values, number, missing = [], 0, size
    while missing >= 3 * gateway.CHUNK_BYTES:
        values.append(gateway.event(f"{name}-{number}", number, filling=gateway.CHUNK_BYTES))
        number += 1
        missing -= gateway.batch(values[-1:]).ByteSize()
    last = gateway.event(f"{name}-{number}", number)
    padding = missing - 1000
    while True:
        last.parameters.private_metadata["padding"] = "x" * padding
        request = gateway.batch([*values, last])
        if request.ByteSize() == size:
            return request, [*values, last]
        padding += size - request.ByteSize()


def main():
    options = gateway.arguments(__doc__, gzip={"action": "store_true"})
    metadata = gateway.metadata(f"{options.name}-request")
    results = {}
    with gateway.connect(options.port, gzip=options.gzip) as channel:
        for name, size in (("at", gateway.MESSAGE_BYTES), ("beyond", gateway.MESSAGE_BYTES + 1)):
            request, values = batch_of(size, f"{options.name}-{name}")
            if name == "at":
                gateway.write_expectations(options.output, values)
            stream = gateway.Stream(channel, [metadata, request]).finish()
            results[name] = {
                "code": stream.code, "details": stream.details, "bytes": request.ByteSize(),
                "acknowledged": stream.acknowledged}
        # Never half-closed: only the deadline ends it, and what was answered before counts.
        values = gateway.events(f"{options.name}-late", 10)
        gateway.write_expectations(options.output, values)
        stream = gateway.Stream(channel, [metadata, gateway.batch(values)], limit=2, half_close=False).read()
        results["deadline"] = {"code": stream.code, "details": stream.details, "acknowledged": stream.acknowledged}
        values = gateway.events(f"{options.name}-after", 10)
        gateway.write_expectations(options.output, values)
        stream = gateway.Stream(channel, [metadata, gateway.batch(values)]).finish()
        results["after"] = {"code": stream.code, "details": stream.details, "acknowledged": stream.acknowledged}
    gateway.finish(results=results)


if __name__ == "__main__":
    main()
