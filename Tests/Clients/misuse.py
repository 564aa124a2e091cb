"""Clients that keep the protocol badly, and what each is told."""
import gateway


def main():
    options = gateway.arguments(__doc__)
    metadata = gateway.metadata(f"{options.name}-request")
    values = gateway.events(options.name, 1)
    gateway.write_expectations(options.output, values)
    batch = gateway.batch(values)
    nobody = gateway.messages.RecordEventsRequest()
    nobody.metadata.request_id = "nobody"
    unset = gateway.messages.RecordEventsRequest()
    unset.metadata.identifier.SetInParent()
    nothing = gateway.messages.RecordEventsRequest()
    cases = {
        "metadata twice": [metadata, batch, metadata, batch],
        "events first": [batch, metadata],
        "no events first": [gateway.batch([]), metadata],
        "nothing": [],
        "metadata only": [metadata],
        "messages without payload": [nothing, metadata, nothing, gateway.batch([]), batch],
        "no identifier": [nobody],
        "unset identifier": [unset],
        "no instance id": [gateway.metadata("r", instance="")],
        "no service id": [gateway.metadata("r", service="")],
        "no licence key": [gateway.metadata("r", licence="")],
        "bad licence key": [gateway.metadata("r", licence="not a key")],
        "huge metadata": [gateway.metadata("r" * 1_000_000), batch],
    }
    results = {}
    with gateway.connect(options.port) as channel:
        for name, requests in cases.items():
            stream = gateway.Stream(channel, requests).finish()
            results[name] = {"code": stream.code, "details": stream.details, "responses": stream.responses}
        # What newer exporters call and no public .proto has.
        call = channel.unary_unary("/telemetrygateway.v1.TelemeteryGatewayService/PublishInstanceUserMetadata")
        try:
            call(b"", timeout=gateway.TIME_LIMIT)
            code, details = "OK", ""
        except gateway.grpc.RpcError as error:
            code, details = error.code().name, error.details()
        results["unknown method"] = {"code": code, "details": details, "responses": []}
    gateway.finish(results=results)


if __name__ == "__main__":
    main()
