import FakePubSub
import Foundation
import Testing
import Transfer

/// The fake Pub/Sub of other tests fails in the ways that it claims.
struct FakePubSubTests {
    private static let events = 5

    @Test func takesWhatIsPublished() async throws {
        let (outcome, _, fake) = try await publish(FailureScript())
        guard case .message(let response) = outcome else { return #expect(Bool(false), "\(outcome)") }
        #expect(response.count == Self.events * 10)
        var taken: [String] = []
        fake.taken.forEach { data, attributes in
            taken.append(String(decoding: data, as: UTF8.self))
            #expect(attributes == ["key": "value"])
        }
        #expect(taken == (0..<Self.events).map { "{\"event\":{\"id\":\"e\($0)\"}}" })
    }

    @Test(arguments: [
        (Failure.unavailable, 14, 0), (.resourceExhausted, 8, 0), (.notFound, 5, 0), (.permissionDenied, 7, 0),
        (.unauthenticated, 16, 0), (.partialCommit, 14, 3), (.lostAnswer, 14, 5),
    ])
    func refuses(failure: Failure, status: Int, taken: Int) async throws {
        let (outcome, headers, fake) = try await publish(FailureScript(seed: 1, mix: [failure: 1]))
        guard case .status(let answer) = outcome else { return #expect(Bool(false), "\(outcome)") }
        #expect(answer.code == status)
        #expect(fake.taken.totals.messages == taken)
        #expect(fake.taken.totals.unconfirmed == taken)
        #expect(fake.failures == [failure: 1])
        // google.rpc.Status{8, …, [Any{RetryInfo, Duration{nanos: 100_000_000}}]}, as Google encodes it.
        let details = headers["grpc-status-details-bin"].flatMap { Data(base64Encoded: $0.padded) }
        #expect((details != nil) == (failure == .resourceExhausted))
        if let details { #expect(Array(details.suffix(7)) == [0x08, 0, 0x10, 0x80, 0xc2, 0xd7, 0x2f]) }
    }

    @Test(arguments: [
        (Failure.resetRequest, 0), (.disconnect, 0), (.goAway, 0), (.resetResponse, 5),
    ])
    func breaksOff(failure: Failure, taken: Int) async throws {
        let fake = try await FakePubSub.start(script: FailureScript(seed: 1, mix: [failure: 1]))
        await #expect(throws: TransferError.self) { try await Self.send(to: fake) }
        #expect(fake.taken.totals.messages == taken)
        #expect(fake.failures == [failure: 1])
        try await fake.stop()
    }

    @Test func aProxyErrorIsNoGRPC() async throws {
        let (outcome, _, fake) = try await publish(FailureScript(seed: 1, mix: [.proxyError: 1]))
        #expect(outcome == .notGRPC(httpStatus: 503))
        #expect(fake.taken.totals.messages == 0)
    }

    @Test(arguments: [(Failure.wrongCount, 4), (.slowDrip, 5)])
    func answersOddly(failure: Failure, ids: Int) async throws {
        let (outcome, _, fake) = try await publish(FailureScript(seed: 1, mix: [failure: 1]))
        guard case .message(let response) = outcome else { return #expect(Bool(false), "\(outcome)") }
        #expect(response.count == ids * 10)
        #expect(fake.taken.totals.messages == Self.events)
    }

    @Test func poisonIsRefusedWhateverElseTheScriptSays() async throws {
        var script = FailureScript(seed: 1, mix: [.lostAnswer: 1])
        script.poison = ["e3"]
        let (outcome, _, fake) = try await publish(script)
        guard case .status(let answer) = outcome else { return #expect(Bool(false), "\(outcome)") }
        #expect(answer.code == 3)
        #expect(fake.taken.totals.messages == 0)
        #expect(fake.refusedPoison == 1)
    }

    @Test func whatHangsEndsWhenItIsHealed() async throws {
        let fake = try await FakePubSub.start(script: FailureScript(seed: 1, mix: [.hang: 1]))
        let answer = Task { try await Self.send(to: fake) }
        while fake.requests == 0 || fake.failures.isEmpty { await Task.yield() }
        fake.apply(FailureScript())
        // Another request shows that the first has been read to its end meanwhile.
        _ = try await Self.send(to: fake)
        fake.heal()
        await #expect(throws: TransferError.self) { try await answer.value }
        #expect(fake.taken.totals.messages == Self.events)
        try await fake.stop()
    }

    @Test func stepsComeInTheirOrder() async throws {
        var script = FailureScript(seed: 3, mix: [:])
        script.steps = [.init(requests: 2, mix: [.unavailable: 1]), .init(requests: 1, mix: [.notFound: 1])]
        let fake = try await FakePubSub.start(script: script)
        var codes: [Int] = []
        for _ in 0..<4 {
            if case .status(let status) = GRPCUnaryCall.outcome(of: try await Self.send(to: fake)) {
                codes.append(status.code)
            } else {
                codes.append(0)
            }
        }
        #expect(codes == [14, 14, 5, 0])
        try await fake.stop()
    }

    private func publish(
        _ script: FailureScript
    ) async throws -> (GRPCUnaryCall.Outcome, [String: String], FakePubSub) {
        let fake = try await FakePubSub.start(script: script)
        let response = try await Self.send(to: fake)
        try await fake.stop()
        return (GRPCUnaryCall.outcome(of: response), response.headers, fake)
    }

    private static func send(to fake: FakePubSub) async throws -> HTTPTransferResponse {
        let transfers = try CurlTransfers()
        let call = GRPCUnaryCall(
            url: "http://127.0.0.1:\(fake.port)/google.pubsub.v1.Publisher/Publish", security: .plaintextHTTP2,
            maximumResponseBytes: 1 << 20)
        var request = field(1, Array("projects/p/topics/t".utf8))
        for number in 0..<events {
            let attribute = field(1, Array("key".utf8)) + field(2, Array("value".utf8))
            let data = Array("{\"event\":{\"id\":\"e\(number)\"}}".utf8)
            request += field(2, field(1, data) + field(2, attribute))
        }
        let frame: [UInt8] = [0, 0, 0, UInt8(request.count >> 8), UInt8(request.count & 0xff)] + request
        do {
            let response = try await transfers.execute(
                call.request(framedMessage: frame, headers: [], deadline: .seconds(60)))
            await transfers.shutdown()
            return response
        } catch {
            await transfers.shutdown()
            throw error
        }
    }

    /// A length-delimited field of less than 128 bytes.
    private static func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
        [number << 3 | 2, UInt8(bytes.count)] + bytes
    }
}

extension String {
    /// Base64 with its padding.
    fileprivate var padded: String { self + String(repeating: "=", count: (4 - utf8.count % 4) % 4) }
}
