import Testing

@testable import Transfer

/// How long a peer wants to be left alone, in all the ways in which it may say so.
@Suite struct RetryAfterTests {
    private static let now: Int64 = 784_111_777_000_000_000

    @Test(
        arguments: [
            (["retry-after": "0"], 0), (["retry-after": "7"], 7), (["retry-after": "600"], 600),
            // The ceiling is ours.
            (["retry-after": "601"], 600), (["retry-after": "9223372036854775807"], 600),
            (["retry-after": "Sun, 06 Nov 1994 08:50:37 GMT"], 60),
            (["retry-after": "Sunday, 06-Nov-94 08:50:37 GMT"], 60),
            (["retry-after": "Sun Nov  6 08:50:37 1994"], 60),
            (["retry-after": "Sun, 06 Nov 1994 08:49:00 GMT"], 0),
            (["retry-after": "Sun, 06 Nov 2094 08:49:37 GMT"], 600),
            // The peer's clock counts where it is known.
            (["retry-after": "Sun, 06 Nov 1994 09:00:05 GMT", "date": "Sun, 06 Nov 1994 09:00:00 GMT"], 5),
            (["retry-after": "-1"], nil), (["retry-after": ""], nil), (["retry-after": "soon"], nil),
            (["retry-after": "1.5"], nil), ([:], nil),
        ] as [([String: String], Int?)])
    func theHeader(_ headers: [String: String], _ seconds: Int?) {
        let response = HTTPTransferResponse(status: 503, headers: headers, body: [])
        #expect(response.retryAfter(now: Self.now) == seconds.map { .seconds($0) })
    }

    // google.rpc.Status with code 8, a message, and one detail; written down from the protobuf encoding rules, in base64.
    @Test(arguments: [
        // RetryInfo of 3 s, with and without padding.
        ("CAgSA3NheRowCih0eXBlLmdvb2dsZWFwaXMuY29tL2dvb2dsZS5ycGMuUmV0cnlJbmZvEgQKAggD", 3_000),
        // 1.5 s.
        (RetryAfterTests.encoded(seconds: 1, nanoseconds: 500_000_000), 1_500),
        (RetryAfterTests.encoded(seconds: 0, nanoseconds: 0), 0),
        (RetryAfterTests.encoded(seconds: 100_000, nanoseconds: 0), 600_000),
        (RetryAfterTests.encoded(seconds: .max, nanoseconds: 1), 600_000),
        (RetryAfterTests.encoded(seconds: -1, nanoseconds: 0), nil),
        (RetryAfterTests.encoded(seconds: 1, nanoseconds: -1), nil),
        (RetryAfterTests.encoded(seconds: 1, nanoseconds: 0, type: "type.googleapis.com/google.rpc.ErrorInfo"), nil),
        ("", nil), ("====", nil), ("CAg", nil), ("not base64", nil), ("GgA=", nil), ("GjA=", nil),
    ])
    func theDetails(_ text: String, _ milliseconds: Int?) {
        let headers = ["grpc-status": "8", "grpc-status-details-bin": text]
        let status = GRPCStatus(HTTPTransferResponse(status: 200, headers: headers, body: []))
        #expect(status?.code == 8)
        #expect(status?.retryDelay == milliseconds.map { .milliseconds($0) })
    }

    private static func encoded(
        seconds: Int64, nanoseconds: Int64, type: String = "type.googleapis.com/google.rpc.RetryInfo"
    ) -> String {
        let duration = [0x08] + varint(seconds) + [0x10] + varint(nanoseconds)
        let info = [0x0A, UInt8(duration.count)] + duration
        let detail = [0x0A, UInt8(type.utf8.count)] + Array(type.utf8) + [0x12, UInt8(info.count)] + info
        return Base64.text([0x08, 8, 0x1A, UInt8(detail.count)] + detail)
    }

    private static func varint(_ value: Int64) -> [UInt8] {
        var rest = UInt64(bitPattern: value)
        var bytes: [UInt8] = []
        while rest > 0x7F {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }
}
