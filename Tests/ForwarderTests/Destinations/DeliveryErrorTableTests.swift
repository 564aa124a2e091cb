import Testing
import Transfer

@testable import Forwarder

/// One row for each code that is decided on purpose.
@Suite struct DeliveryErrorTableTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let key: Int
        let code: DeliveryError.Code
        let scope: DeliveryError.Scope
        let isRetriable: Bool

        init(_ name: String, _ key: Int, _ code: DeliveryError.Code, _ scope: DeliveryError.Scope, _ isRetriable: Bool)
        {
            self.name = name
            self.key = key
            self.code = code
            self.scope = scope
            self.isRetriable = isRetriable
        }

        var testDescription: String { name }

        func matches(_ verdict: DeliveryErrorTable.Verdict) -> Bool {
            verdict.code == code && verdict.scope == scope && verdict.isRetriable == isRetriable
        }
    }

    @Test(arguments: [
        Row("CANCELLED", 1, .unavailable, .destination, true),
        Row("UNKNOWN", 2, .unavailable, .destination, true),
        Row("INVALID_ARGUMENT", 3, .invalid, .batch, false),
        Row("DEADLINE_EXCEEDED", 4, .timeout, .destination, true),
        Row("NOT_FOUND", 5, .notFound, .destination, false),
        Row("ALREADY_EXISTS", 6, .invalid, .batch, false),
        Row("PERMISSION_DENIED", 7, .permissionDenied, .destination, false),
        Row("RESOURCE_EXHAUSTED", 8, .quota, .destination, true),
        Row("FAILED_PRECONDITION", 9, .misconfigured, .destination, false),
        Row("ABORTED", 10, .unavailable, .destination, true),
        Row("OUT_OF_RANGE", 11, .invalid, .batch, false),
        Row("UNIMPLEMENTED", 12, .misconfigured, .destination, false),
        Row("INTERNAL", 13, .unavailable, .destination, true),
        Row("UNAVAILABLE", 14, .unavailable, .destination, true),
        Row("DATA_LOSS", 15, .unavailable, .destination, true),
        Row("UNAUTHENTICATED", 16, .unauthenticated, .destination, false),
        Row("unknown code", 99, .protocolViolation, .destination, true),
    ])
    func grpcStatus(_ row: Row) {
        #expect(row.matches(DeliveryErrorTable.verdict(grpcStatus: row.key)))
    }

    @Test(arguments: [
        Row("bad request", 400, .invalid, .batch, false),
        Row("too large", 413, .invalid, .batch, false),
        Row("unprocessable", 422, .invalid, .batch, false),
        Row("unauthorized", 401, .unauthenticated, .destination, false),
        Row("forbidden", 403, .permissionDenied, .destination, false),
        Row("not found", 404, .notFound, .destination, false),
        Row("request timeout", 408, .timeout, .destination, true),
        Row("too many requests", 429, .quota, .destination, true),
        Row("redirect", 302, .misconfigured, .destination, false),
        Row("method not allowed", 405, .misconfigured, .destination, false),
        Row("internal", 500, .unavailable, .destination, true),
        Row("bad gateway", 502, .unavailable, .destination, true),
        Row("unavailable", 503, .unavailable, .destination, true),
        Row("not HTTP", 0, .protocolViolation, .destination, true),
    ])
    func httpStatus(_ row: Row) {
        #expect(row.matches(DeliveryErrorTable.verdict(httpStatus: row.key)))
    }

    // Numbers as <curl/curl.h> has them, so that the test does not share a constant with the table.
    @Test(arguments: [
        Row("unsupported protocol", 1, .misconfigured, .destination, false),
        Row("failed init", 2, .overloaded, .local, true),
        Row("malformed URL", 3, .misconfigured, .destination, false),
        Row("proxy not resolved", 5, .dns, .destination, true),
        Row("host not resolved", 6, .dns, .destination, true),
        Row("not connected", 7, .connect, .destination, true),
        Row("HTTP/2 framing", 16, .connectionLost, .destination, true),
        Row("partial response", 18, .connectionLost, .destination, true),
        Row("out of memory", 27, .overloaded, .local, true),
        Row("timeout", 28, .timeout, .destination, true),
        Row("TLS handshake", 35, .tls, .destination, true),
        Row("nothing received", 52, .connectionLost, .destination, true),
        Row("send error", 55, .connectionLost, .destination, true),
        Row("receive error", 56, .connectionLost, .destination, true),
        Row("certificate of the peer", 60, .tls, .destination, false),
        Row("own CA file", 77, .tls, .local, false),
        Row("HTTP/2 stream", 92, .connectionLost, .destination, true),
        Row("unknown code", 4711, .protocolViolation, .destination, true),
    ])
    func curlCode(_ row: Row) {
        #expect(row.matches(DeliveryErrorTable.verdict(curlCode: Int32(row.key))))
    }

    @Test(arguments: [
        (TransferError.Reason.cancelled, DeliveryError.Code.cancelled, DeliveryError.Scope.local),
        (.shutDown, .shutDown, .local),
        (.tooManyTransfers, .overloaded, .local),
        (.responseTooLarge, .protocolViolation, .destination),
    ])
    func ownReasons(_ reason: TransferError.Reason, _ code: DeliveryError.Code, _ scope: DeliveryError.Scope) {
        let error = DeliveryErrorTable.error(TransferError(reason: reason, message: "why"), at: "pubsub://p/t")
        #expect(error.code == code && error.scope == scope && error.isRetriable)
        #expect(error.message.contains("pubsub://p/t") && error.message.contains("why"))
    }

    /// Where the answer says several things at once.
    @Test(
        arguments: [
            // Status of HTTP, headers, whether gRPC is expected; code, wait in seconds.
            (503, [:], false, .unavailable, nil),
            (503, ["retry-after": "5"], false, .unavailable, 5),
            (429, ["retry-after": "99999999"], false, .quota, 600),
            (503, ["retry-after": "Thu, 01 Jan 1970 00:00:31 GMT"], false, .unavailable, 30),
            (500, ["grpc-status": "5"], false, .unavailable, nil),
            (200, ["grpc-status": "5"], true, .notFound, nil),
            (503, ["grpc-status": "8", "retry-after": "5"], true, .quota, 5),
            (
                200,
                ["grpc-status": "8", "grpc-status-details-bin": DeliveryErrorTableTests.retryInfo, "retry-after": "5"],
                true, .quota, 3
            ),
            (502, [:], true, .unavailable, nil),
            (403, [:], true, .permissionDenied, nil),
            (200, [:], true, .protocolViolation, nil),
        ] as [(Int, [String: String], Bool, DeliveryError.Code, Int?)])
    func responses(
        _ status: Int, _ headers: [String: String], _ isGRPC: Bool, _ code: DeliveryError.Code, _ seconds: Int?
    ) {
        let response = HTTPTransferResponse(status: status, headers: headers, body: [])
        let error = DeliveryErrorTable.error(response, isGRPC: isGRPC, at: "somewhere", now: 1_000_000_000)
        #expect(error.code == code)
        #expect(error.scope == .destination)
        #expect(error.retryAfter == seconds.map { .seconds($0) })
        #expect(error.message.contains("somewhere"))
    }

    // google.rpc.RetryInfo of 3 s in a google.rpc.Status.
    private static let retryInfo = "CAgSA3NheRowCih0eXBlLmdvb2dsZWFwaXMuY29tL2dvb2dsZS5ycGMuUmV0cnlJbmZvEgQKAggD"

    @Test(arguments: [
        (DeliveryError.Scope.event, DeliveryError.Code.oversized, false, DeliveryError.Action.setAside),
        (.event, .invalid, true, .setAside), (.batch, .invalid, false, .bisect), (.batch, .oversized, false, .bisect),
        (.destination, .unauthenticated, false, .renewCredentials),
        (.destination, .permissionDenied, false, .renewCredentials), (.destination, .unavailable, true, .wait),
        (.destination, .quota, true, .wait), (.destination, .notFound, false, .waitForOperator),
        (.destination, .misconfigured, false, .waitForOperator), (.local, .diskFull, true, .wait),
        (.local, .tls, false, .waitForOperator), (.local, .permissionDenied, false, .waitForOperator),
    ])
    func whatIsDone(
        _ scope: DeliveryError.Scope, _ code: DeliveryError.Code, _ isRetriable: Bool, _ action: DeliveryError.Action
    ) {
        let error = DeliveryError(code: code, scope: scope, isRetriable: isRetriable, message: "")
        #expect(error.action == action)
    }

    @Test func noCodeOfTheNetworkBlamesTheEvents() {
        for code in Int32(1)...120 {
            #expect([.destination, .local].contains(DeliveryErrorTable.verdict(curlCode: code).scope))
        }
        for status in 0...999 where ![400, 413, 422].contains(status) {
            #expect(DeliveryErrorTable.verdict(httpStatus: status).scope == .destination)
        }
    }

    @Test func onlyContentIsBlamedOnTheBatch() {
        // A failure that is everybody's must never lead to bisecting or dead letters.
        for status in 0...20 where ![3, 6, 11].contains(status) {
            #expect(DeliveryErrorTable.verdict(grpcStatus: status).scope == .destination)
        }
    }
}
