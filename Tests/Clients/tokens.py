"""A managed service that authenticates in every way, good and bad: on a stream, by a single call and over HTTP."""
import gzip
import http.client
import json

import gateway
from google.protobuf import json_format

# What the Authorization header may be; None for no header.
HEADERS = {
    "none": [],
    "empty": [""],
    "repeated": ["Bearer good", "Bearer good"],
    "no type": ["bearer"],
    "wrong type": ["Basic Z29vZA=="],
    "empty token": ["Bearer "],
    "unknown": ["Bearer nobody-gave-this"],
    "inactive": ["Bearer inactive"],
    "narrow": ["Bearer narrow"],
    "broken": ["Bearer broken"],
    "good": ["bEaReR good"],
}


def post(port, headers, service, values):
    """POST /v1/events. Returns status and body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=gateway.TIME_LIMIT)
    body = gzip.compress("".join(
        json.dumps(json_format.MessageToDict(value)) + "\n" for value in values).encode())
    connection.putrequest("POST", "/v1/events")
    for name, value in [
        ("content-type", "application/x-ndjson"), ("content-encoding", "gzip"), ("content-length", str(len(body))),
        ("x-service-id", service), *(("authorization", value) for value in headers),
    ]:
        connection.putheader(name, value)
    connection.endheaders(body)
    answer = connection.getresponse()
    text = answer.read().decode()
    return {"code": str(answer.status), "details": text}


def main():
    options = gateway.arguments(
        __doc__, service={"default": "cody-gateway"}, http={"action": "store_true", "help": "over HTTP too"})
    results = {}
    with gateway.connect(options.port) as channel:
        for number, (name, headers) in enumerate(HEADERS.items()):
            ways = ["stream", "unary"] + (["http"] if options.http else [])
            values = dict(zip(ways, gateway.events(f"{options.name}-{number}", len(ways))))
            if name == "good":
                gateway.write_expectations(options.output, values.values())
            pairs = [("authorization", value) for value in headers]
            request = gateway.metadata(f"{options.name}-stream", service=options.service, environment="dev")
            stream = gateway.Stream(channel, [request, gateway.batch([values["stream"]])], headers=pairs).finish()
            results[f"stream: {name}"] = {
                "code": stream.code, "details": stream.details, "acknowledged": stream.acknowledged}
            call = gateway.messages.RecordEventRequest(
                metadata=gateway.identity(f"{options.name}-unary", service=options.service), event=values["unary"])
            code, details = gateway.unary(channel, call, headers=pairs)
            results[f"unary: {name}"] = {
                "code": code, "details": details, "acknowledged": [values["unary"].id] if code == "OK" else []}
            if options.http:
                answer = post(options.port, headers, options.service, [values["http"]])
                answer["acknowledged"] = [values["http"].id] if answer["code"] == "200" else []
                results[f"http: {name}"] = answer
    gateway.finish(results=results)


if __name__ == "__main__":
    main()
