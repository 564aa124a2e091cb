"""A stand-in for the account service: the gateway's own token, and what it says about the tokens of managed services.

Speaks OAuth2 client credentials and RFC 7662 over HTTP, and clients.v1.TokensService over gRPC. Prints one line when it
is ready and runs until it is killed. POST /counts says how often it was asked about each token.
"""
import argparse
import base64
import http.server
import json
import threading
import time
import urllib.parse
from concurrent import futures

import grpc

CLIENT_ID, CLIENT_SECRET = "gateway client", "gateway secret: & + %"
OWN_TOKEN = "own-token"
OWN_SCOPES = {"openid", "profile", "email"}
METHOD = "/api/grpc/clients.v1.TokensService/IntrospectToken"
WRITE = "telemetry_gateway::events::write"
# Active or not, and scopes, of every token there is.
TOKENS = {
    "good": (True, ["openid", WRITE]),
    "also-good": (True, [WRITE]),
    "inactive": (False, [WRITE]),
    "narrow": (True, ["foo", "telemetry_gateway::events::read", "telemetry_gateway::event::write", "bar"]),
}
# The token that the service fails at.
BROKEN = "broken"

counts, lock = {}, threading.Lock()


def look_up(token):
    """Active, scopes, end in seconds since 1970; raises for the token that the service fails at."""
    with lock:
        counts[token] = counts.get(token, 0) + 1
    if token == BROKEN:
        raise RuntimeError("as asked")
    active, scopes = TOKENS.get(token, (False, []))
    return active, scopes, int(time.time()) + 3600


def varint(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def field(number, content):
    return varint(number << 3 | 2) + varint(len(content)) + content


class Endpoints(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        form = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers.get("content-length", 0))).decode()))
        if self.path == "/counts":
            with lock:
                return self.answer(200, counts)
        scheme, _, given = self.headers.get("authorization", "").partition(" ")
        pair = [urllib.parse.unquote_plus(part) for part in base64.b64decode(given).decode().split(":")]
        if scheme != "Basic" or pair != [CLIENT_ID, CLIENT_SECRET]:
            return self.answer(401, {"error": "invalid_client"})
        if self.path == "/oauth/token":
            if form.get("grant_type") != "client_credentials" or set(form.get("scope", "").split()) != OWN_SCOPES:
                return self.answer(400, {"error": "invalid_request"})
            return self.answer(200, {"access_token": OWN_TOKEN, "token_type": "Bearer", "expires_in": 3600})
        if self.path == "/introspect":
            try:
                active, scopes, end = look_up(form.get("token", ""))
            except RuntimeError:
                return self.answer(500, {"error": "server_error"})
            if not active:
                return self.answer(200, {"active": False})
            return self.answer(200, {"active": True, "scope": " ".join(scopes), "client_id": "service", "exp": end})
        return self.answer(404, {})

    def answer(self, status, body):
        encoded = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(encoded)))
        self.end_headers()
        self.wfile.write(encoded)

    def log_message(self, *_):
        pass


class Method(grpc.GenericRpcHandler):
    def service(self, details):
        return grpc.unary_unary_rpc_method_handler(self.introspect) if details.method == METHOD else None

    def introspect(self, request, context):
        headers = [value for key, value in context.invocation_metadata() if key == "authorization"]
        if headers != [f"Bearer {OWN_TOKEN}"]:
            context.abort(grpc.StatusCode.UNAUTHENTICATED, "who are you?")
        # One string field, number 1, shorter than 128 bytes.
        try:
            active, scopes, end = look_up(request[2:].decode() if request[:1] == b"\x0a" else "")
        except RuntimeError:
            context.abort(grpc.StatusCode.INTERNAL, "as asked")
        if not active:
            return b""
        scope_fields = b"".join(field(2, scope.encode()) for scope in scopes)
        return b"\x08\x01" + scope_fields + field(3, b"service") + field(4, b"\x08" + varint(end))


def main():
    argparse.ArgumentParser(description=__doc__).parse_args()
    endpoints = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Endpoints)
    server = grpc.server(futures.ThreadPoolExecutor(8), handlers=[Method()])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(json.dumps({"message": "listening", "port": endpoints.server_address[1], "grpcPort": port}), flush=True)
    endpoints.serve_forever()


if __name__ == "__main__":
    main()
