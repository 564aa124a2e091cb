import Testing

@testable import Listening

struct ConnectionGateTests {
    @Test(arguments: [
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", ConnectionGate.Action.open(.http2)),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\u{0}\u{0}\u{0}", .open(.http2)),
        ("GET / HTTP/1.1\r\n", .open(.http1)),
        ("POST ", .open(.http1)),
        ("PUT ", .open(.http1)),
        ("PRIORITY ", .open(.http1)),
        ("M-SEARCH * ", .open(.http1)),
        ("\u{16}\u{03}\u{01}", .refuse(.tlsOnPlaintext)),
        ("PRI * HTTP/1.1\r\n", .refuse(.notHTTP)),
        ("PRI /x", .refuse(.notHTTP)),
        ("get / HTTP/1.1", .refuse(.notHTTP)),
        (" GET", .refuse(.notHTTP)),
        ("\r\n", .refuse(.notHTTP)),
        ("SSH-2.0-OpenSSH", .refuse(.notHTTP)),
        ("\u{0}", .refuse(.notHTTP)),
        (String(repeating: "A", count: 40), .refuse(.notHTTP)),
    ])
    func decidesTheSameForBytesAtOnceAndOneByOne(text: String, action: ConnectionGate.Action) {
        var atOnce = ConnectionGate(secure: false)
        #expect(atOnce.received(Array(text.utf8)) == action)
        var oneByOne = ConnectionGate(secure: false)
        let actions = text.utf8.compactMap { oneByOne.received([$0]) }
        #expect(actions == [action])
    }

    @Test(arguments: ["", "P", "PRI", "PRI ", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r", "GET", "DELETE"])
    func waitsWhileBothArePossible(text: String) {
        var gate = ConnectionGate(secure: false)
        #expect(gate.received(Array(text.utf8)) == nil)
        #expect(gate.deadlinePassed() == .refuse(.firstBytesDeadline))
        #expect(gate.deadlinePassed() == nil)
        #expect(gate.received(Array("GET / ".utf8)) == nil)
    }

    @Test func waitsForTheHandshakeFirst() {
        var gate = ConnectionGate(secure: true)
        #expect(gate.connected() == .start(.handshake))
        var late = gate
        #expect(late.deadlinePassed() == .refuse(.handshakeDeadline))
        var broken = gate
        #expect(broken.failed() == .refuse(.tlsFailed))
        #expect(gate.handshakeCompleted(protocolName: "h2") == .start(.firstBytes))
        #expect(gate.failed() == .close)
    }

    @Test(arguments: [
        ("h2" as String?, ConnectionGate.Action.open(.http2), ConnectionGate.Action.refuse(.notNegotiated)),
        ("http/1.1", .refuse(.notNegotiated), .open(.http1)),
        (nil, .open(.http2), .open(.http1)),
        ("spdy/3", .open(.http2), .open(.http1)),
    ])
    func holdsClientsToWhatTheyNegotiated(
        name: String?, preface: ConnectionGate.Action, request: ConnectionGate.Action
    ) {
        for (bytes, action) in [(ConnectionGate.preface, preface), (Array("GET / HTTP/1.1\r\n".utf8), request)] {
            var gate = ConnectionGate(secure: true)
            _ = gate.handshakeCompleted(protocolName: name)
            #expect(gate.received(bytes) == action)
        }
    }

    @Test func aTLSRecordInsideTLSIsJustNotHTTP() {
        var gate = ConnectionGate(secure: true)
        _ = gate.handshakeCompleted(protocolName: nil)
        #expect(gate.received([ConnectionGate.handshakeRecord]) == .refuse(.notHTTP))
    }

    @Test func closesWhatHasNotBegunWhenShuttingDown() {
        var gate = ConnectionGate(secure: false)
        _ = gate.received(Array("PO".utf8))
        #expect(gate.shuttingDown() == .close)
        #expect(gate.received(Array("ST ".utf8)) == nil)
    }
}
