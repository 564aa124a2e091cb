import Testing

@testable import Listening

@Suite(.serialized, .timeLimit(.minutes(2)))
struct GRPCOnOnePortTests {
    @Test func servesGRPCInPlaintext() async throws {
        try await Gateway.run { gateway in
            let messages = [[UInt8]](repeating: [UInt8](repeating: 7, count: 300_000), count: 10) + [[1, 2, 3], []]
            let answers = try await EchoService.call(port: gateway.port, messages: messages)
            #expect(answers == messages)
            await gateway.observed.wait(for: .closed(.http2))
            #expect(gateway.observed.count(of: .opened(.http2)) == 1)
            #expect(gateway.observed.count(of: .proxiedStreamOpened) == 0)
        }
    }

    @Test func readsAPrefaceThatComesByteByByte() async throws {
        try await Gateway.run { gateway in
            try await RawClient.run(port: gateway.port) { client in
                for byte in ConnectionGate.preface { try await client.send([byte]) }
                // An empty SETTINGS frame of ours; the server answers with the acknowledgement of it.
                try await client.send([0, 0, 0, 4, 0, 0, 0, 0, 0])
                let acknowledged = try await client.receive(until: "\u{0}\u{0}\u{0}\u{4}\u{1}\u{0}\u{0}\u{0}\u{0}")
                #expect(acknowledged)
            }
            await gateway.observed.wait(for: .closed(.http2))
        }
    }

    @Test func servesManyStreamsBesidePlainHTTP() async throws {
        try await Gateway.run { gateway in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        let messages: [[UInt8]] = [[UInt8(number)], [1], [2]]
                        let answers = try await EchoService.call(port: gateway.port, messages: messages)
                        #expect(answers == messages)
                    }
                    group.addTask {
                        try await RawClient.run(port: gateway.port) { client in
                            try await client.send("GET /n\(number) HTTP/1.1\r\nhost: x\r\n\r\n")
                            let answered = try await client.receive(until: "GET /n\(number)\n")
                            #expect(answered)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}
