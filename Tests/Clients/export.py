"""One run of an exporter: metadata, messages of about 1 MiB, nothing read before the half-close, then all responses."""
import gateway


def with_newer_fields(value):
    """The event as a newer exporter sends it: with fields that no public version of the .proto knows.

    Their numbers are unknown, so these stand for them: they are of every wire type, in the event and in its messages.
    """
    def field(number, wire_type, content):
        return bytes([number << 3 & 0x7F | wire_type | 0x80, number >> 4]) + content

    text = b"parent_interaction_id"
    newer = b"".join([
        field(40, 2, bytes([len(text)]) + text), field(41, 0, b"\x07"), field(42, 5, b"fix4"),
        field(43, 1, b"fixed8ed"),
    ])
    for message in (value, value.interaction, value.source.server, value.marketing_tracking):
        message.MergeFromString(newer)
    return value


def main():
    options = gateway.arguments(
        __doc__,
        events={"type": int, "default": 10_000},
        gzip={"action": "store_true"},
        large_first={"action": "store_true", "help": "begin with an event of more than 1 MiB"},
        newer={"action": "store_true", "help": "add fields that the gateway does not know"},
        licence={"help": "a file with the key of a licensed instance"},
        service={"help": "the id of a managed service"},
        token={"help": "its token"},
        authority={"help": "use TLS; a file with the certificate of the server's authority"},
        certificate={"help": "a file with the client's own certificate and key"},
        traceparent={"help": "the W3C trace context of the call"})
    values = gateway.events(options.name, options.events)
    if options.large_first:
        values.insert(0, gateway.event(f"{options.name}-large", 0, filling=gateway.CHUNK_BYTES + 1000))
    expected = values
    if options.newer:
        expected = [gateway.messages.Event.FromString(value.SerializeToString()) for value in values]
        values = [with_newer_fields(value) for value in values]
        for value in expected:
            value.marketing_tracking.SetInParent()
    gateway.write_expectations(options.output, expected)
    parts = list(gateway.chunks(values))
    licence = open(options.licence, encoding="utf-8").read().strip() if options.licence else None
    requests = [gateway.metadata(f"{options.name}-request", licence=licence, service=options.service)]
    requests += [gateway.batch(part) for part in parts]
    headers = [("traceparent", options.traceparent)] if options.traceparent else []
    with gateway.connect(
            options.port, gzip=options.gzip, options=gateway.KEEPALIVE, authority=options.authority,
            certificate=options.certificate) as channel:
        stream = gateway.Stream(channel, requests, token=options.token, headers=headers).finish()
    gateway.finish(
        code=stream.code, details=stream.details, sent=len(values),
        eventBytes=sum(value.ByteSize() for value in values) // max(1, len(values)),
        messageBytes=[request.ByteSize() for request in requests[1:]],
        messageEvents=[len(part) for part in parts],
        responseEvents=[len(response) for response in stream.responses],
        inOrder=stream.responses == [[value.id for value in part] for part in parts],
        acknowledged=stream.acknowledged)


if __name__ == "__main__":
    main()
