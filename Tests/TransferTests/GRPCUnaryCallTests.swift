import Testing

@testable import Transfer

@Suite struct GRPCUnaryCallTests {
    @Test func aRequestIsAsGRPCSays() {
        let call = GRPCUnaryCall(url: "https://host/a.B/C", security: .tls, maximumResponseBytes: 100)
        var framed: [UInt8] = []
        GRPCFrame.appendHeader(messageBytes: 258, to: &framed)
        #expect(framed == [0, 0, 0, 1, 2])
        let request = call.request(
            framedMessage: framed, headers: [.init("authorization", "Bearer secret-one")], deadline: .milliseconds(1500)
        )
        #expect(request.url == "https://host/a.B/C")
        #expect(request.method == .post)
        #expect(request.timeout == .milliseconds(1500))
        #expect(request.maximumResponseBytes == 105)
        #expect(
            request.headers == [
                .init("content-type", "application/grpc"), .init("te", "trailers"), .init("grpc-timeout", "1500m"),
                .init("authorization", "Bearer secret-one"),
            ])
        #expect("\(request)" == "POST https://host/a.B/C")
    }

    @Test(
        arguments: [
            ([0, 0, 0, 0, 0], []),
            ([0, 0, 0, 0, 2, 7, 8], [7, 8]),
            ([], nil),
            ([0, 0, 0, 0], nil),
            // Compressed, cut off, too long, two frames.
            ([1, 0, 0, 0, 0], nil),
            ([0, 0, 0, 0, 3, 7], nil),
            ([0, 0, 0, 0, 0, 0], nil),
            ([0, 0, 0, 0, 1, 7, 0, 0, 0, 0, 0], nil),
            ([0, 0xFF, 0xFF, 0xFF, 0xFF, 1], nil),
        ] as [([UInt8], [UInt8]?)])
    func aBodyIsOneFrameOrUnreadable(_ body: [UInt8], _ message: [UInt8]?) {
        #expect(GRPCFrame.onlyMessage(in: body).map { Array($0) } == message)
        let response = HTTPTransferResponse(status: 200, headers: ["grpc-status": "0"], body: body)
        #expect(GRPCUnaryCall.outcome(of: response) == (message.map { .message($0[...]) } ?? .unreadable))
    }

    @Test func aStatusOtherThanOKWinsOverTheBody() throws {
        let headers = ["grpc-status": "16", "grpc-message": "no"]
        let response = HTTPTransferResponse(status: 200, headers: headers, body: [0, 0, 0, 0, 0])
        let status = try #require(GRPCStatus(response))
        #expect(GRPCUnaryCall.outcome(of: response) == .status(status))
        #expect(status.name == "UNAUTHENTICATED")
    }

    @Test func whatIsNotGRPCIsToldApart() {
        let response = HTTPTransferResponse(status: 502, headers: [:], body: Array("<html>".utf8))
        #expect(GRPCUnaryCall.outcome(of: response) == .notGRPC(httpStatus: 502))
    }

    @Test(arguments: [
        ("plain", "plain"), ("a%20b", "a b"), ("%E2%82%AC", "€"), ("100%", "100%"), ("%zz%4", "%zz%4"), ("", ""),
    ])
    func messagesArePercentDecoded(_ text: String, _ decoded: String) {
        #expect(GRPCStatus.percentDecoded(text) == decoded)
    }

    @Test func statusComesFromHeadersOrTrailers() {
        let headers = ["grpc-status": "5", "grpc-message": "Topic%20not%20found"]
        let status = GRPCStatus(HTTPTransferResponse(status: 200, headers: headers, body: []))
        #expect(status?.code == 5)
        #expect(status?.name == "NOT_FOUND")
        #expect(status?.message == "Topic not found")
        #expect(GRPCStatus(HTTPTransferResponse(status: 200, headers: [:], body: [])) == nil)
        #expect(GRPCStatus(HTTPTransferResponse(status: 200, headers: ["grpc-status": "x"], body: [])) == nil)
    }
}
