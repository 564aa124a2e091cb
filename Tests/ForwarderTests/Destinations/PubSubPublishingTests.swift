import Contract
import Secrets
import TestSupport
import Testing
import Transfer

@testable import Forwarder

/// What the Pub/Sub destination sends, and what it makes of the answers.
@Suite(.timeLimit(.minutes(1))) struct PubSubPublishingTests {
    private let publisher = FakePublisher()
    private let credentials = FakeCredentials()

    /// Gives token-1, token-2, …: another one after each that was discarded.
    private final class FakeCredentials: PubSubCredentials {
        let current = Changeable<UInt64>(1)
        let isFresh = Changeable(false)

        func token() async throws(DeliveryError) -> TokenSource<DeliveryError>.Token {
            let number = current.value
            let source = TokenSource<DeliveryError>(
                interval: 0, monotonic: { 0 },
                stopped: DeliveryError(code: .shutDown, scope: .local, isRetriable: true, message: ""),
                fetch: { .success(.init(value: Secret("token-\(number)"), lifetime: 1000)) })
            return try await source.token()
        }

        func discard(_ token: TokenSource<DeliveryError>.Token) -> Bool {
            guard !isFresh.value else { return false }
            current.value += 1
            return true
        }

        func shutdown() async {}
    }

    private func destination(_ change: (inout PubSubSettings) -> Void = { _ in }) -> PubSubDestination {
        var settings = PubSubSettings()
        settings.wallClock = { 784_111_777_000_000_000 }
        change(&settings)
        return PubSubDestination(
            project: "p", topic: "t", endpoint: .google(credentials: credentials), exchange: publisher.exchange,
            settings: settings)
    }

    private func error(_ answers: FakePublisher.Answer...) async -> DeliveryError? {
        publisher.answers.value = answers
        return await #expect(throws: DeliveryError.self) {
            try await destination().deliver(DeliveryRequest([.numbered(1)]))
        }
    }

    private var tokens: [String?] {
        publisher.requests.values.map { $0.headers.first { $0.name == "authorization" }?.value }
    }

    @Test(arguments: [FakePublisher.Answer.status(16), .status(7), .http(401), .http(403)])
    func aRefusedTokenIsRenewedForOneMoreTry(_ refusal: FakePublisher.Answer) async throws {
        publisher.answers.value = [refusal]
        _ = try await destination().deliver(DeliveryRequest([.numbered(1)]))
        #expect(tokens == ["Bearer token-1", "Bearer token-2"])
        #expect(publisher.published.values.count == 1)
    }

    @Test func aSecondRefusalStopsTheDestination() async throws {
        let error = await error(.status(7), .status(7), .taken)
        #expect(error?.code == .permissionDenied)
        #expect(error?.scope == .destination)
        #expect(error?.isRetriable == false)
        #expect(publisher.requests.values.count == 2)
    }

    @Test func aFreshTokenIsNotRenewed() async throws {
        credentials.isFresh.value = true
        #expect(await error(.status(16))?.code == .unauthenticated)
        #expect(publisher.requests.values.count == 1)
    }

    @Test func otherFailuresTakeOneTry() async throws {
        for answer in [FakePublisher.Answer.status(14), .status(3), .status(5), .http(502), .curl(28)] {
            let before = publisher.requests.values.count
            _ = await error(answer)
            #expect(publisher.requests.values.count == before + 1)
        }
    }

    @Test func whatThePeerSaysAboutTimeIsHeard() async throws {
        let info = "CAgSA3NheRowCih0eXBlLmdvb2dsZWFwaXMuY29tL2dvb2dsZS5ycGMuUmV0cnlJbmZvEgQKAggD"
        let details = await error(.status(8, headers: ["grpc-status-details-bin": info, "retry-after": "9"]))
        #expect(details?.code == .quota)
        #expect(details?.retryAfter == .seconds(3))
        #expect(await error(.status(14, headers: ["retry-after": "9"]))?.retryAfter == .seconds(9))
        let date = "Sun, 06 Nov 1994 08:50:37 GMT"
        #expect(await error(.http(503, headers: ["retry-after": date]))?.retryAfter == .seconds(60))
        #expect(await error(.status(14))?.retryAfter == nil)
    }

    @Test func aTokenThatIsRepeatedIsNotShown() async throws {
        let error = await error(.status(3, "what is token-1?"))
        #expect(error?.message.contains("what is <redacted>?") == true)
    }

    @Test func aRefusedRequestOfOneMessageIsStillTheBatchs() async throws {
        let error = await error(.status(3))
        #expect(error?.scope == .batch)
        #expect(error?.action == .bisect)
    }

    @Test func requestsAreCompressedWhenThatIsSet() async throws {
        let messages = TestMessage.awkward() + (0..<100).map { TestMessage.numbered($0) }
        let destination = destination { $0.compression = .gzip }
        let receipt = try await destination.deliver(DeliveryRequest(messages))
        #expect(
            publisher.published.values.first?.map(\.attributes) == messages.map(\.attributes))
        #expect(publisher.published.values.first?.map(\.data) == messages.map(\.data))
        let request = try #require(publisher.requests.values.first)
        #expect(request.headers.contains(.init("grpc-encoding", "gzip")))
        #expect(request.body.count < receipt.bytes / 2)
        #expect(request.body[0] == 1)
        // The buffer is used again.
        _ = try await destination.deliver(DeliveryRequest([.numbered(7)]))
        #expect(publisher.published.values.last?.map(\.data) == [TestMessage.numbered(7).data])
    }

    @Test func theEventsIDBecomesAnAttributeWhenThatIsSet() async throws {
        let messages = [
            TestMessage(
                data: #"{"event":{"id":"a\u00e4\ud83c\udf89\"\n","x":1},"metadata":{}}"#, attributes: ["k": "v"]),
            TestMessage(
                data: #"{"metadata":{"id":"no"},"event":{"x":{"id":"no"},"y":["}",{"id":"no"}],"id":"two"}}"#,
                attributes: [:]),
            TestMessage(data: #"{"event":{"x":1}}"#, attributes: [:]),
            TestMessage(data: #"{"event":{"id":"\#(String(repeating: "x", count: 1025))"}}"#, attributes: [:]),
        ]
        _ = try await destination().deliver(DeliveryRequest(messages))
        #expect(publisher.published.values.last?.map(\.attributes) == messages.map(\.attributes))
        let destination = destination { $0.eventIDAttribute = "event.id" }
        let request = DeliveryRequest(messages)
        let receipt = try await destination.deliver(request)
        #expect(
            publisher.published.values.last?.map(\.attributes) == [
                ["k": "v", "event.id": "aä🎉\"\n"], ["event.id": "two"], [:], [:],
            ])
        #expect(publisher.requests.values.last?.body.count == receipt.bytes + GRPCFrame.headerBytes)
    }

    @Test func clientsHaveOrderingKeysWhenThatIsSet() async throws {
        func message(_ number: Int, _ identifier: String) -> TestMessage {
            TestMessage(
                data: #"{"event":{"id":"\#(number)"},"metadata":{"requestId":"r","identifier":\#(identifier)}}"#,
                attributes: [:])
        }
        let one = #"{"licensedInstance":{"licenseKey":"k","instanceId":"one"}}"#
        let two = #"{"unlicensedInstance":{"instanceId":"two"}}"#
        let three = #"{"managedService":{"serviceId":"three","serviceEnvironment":"e"}}"#
        let destination = destination { $0.orderingKey = .client }
        #expect(destination.limits.maximumInFlight == 1)
        let receipt = try await destination.deliver(
            DeliveryRequest([message(0, one), message(1, two), message(2, one), message(3, three), message(4, two)]))
        #expect(receipt.messages == 5)
        // One key in each request, the order within a key as it was.
        let published = publisher.published.values
        #expect(published.map { $0.map(\.orderingKey) } == [["one", "one"], ["two", "two"], ["three"]])
        #expect(
            published.map { $0.map { $0.data.prefix(18) } } == [
                [#"{"event":{"id":"0""#, #"{"event":{"id":"2""#], [#"{"event":{"id":"1""#, #"{"event":{"id":"4""#],
                [#"{"event":{"id":"3""#],
            ])
        let size = publisher.requests.values.reduce(0) { $0 + $1.body.count - GRPCFrame.headerBytes }
        #expect(size == receipt.bytes)
    }

    @Test(
        arguments: [
            ([:], nil), (["k": String(repeating: "v", count: 1024)], nil),
            ([String(repeating: "k", count: 256): ""], nil),
            (["Goog": ""], nil), (["k": "ä"], nil),
            (["k": String(repeating: "v", count: 1025)], "1025"), ([String(repeating: "k", count: 257): ""], "257"),
            (["googclient": "1"], "goog"), (["": "1"], "key"),
        ] as [([String: String], String?)])
    func attributesThatPubSubRefusesAreFoundBefore(_ attributes: [String: String], _ named: String?) throws {
        let request = DeliveryRequest([TestMessage(data: "{}", attributes: attributes)])
        let problem = destination().problem(with: request.arena.messages[0], in: request.arena)
        #expect((problem == nil) == (named == nil))
        guard let named, let problem else { return }
        #expect(problem.code == .attributes && problem.scope == .event && !problem.isRetriable)
        #expect(problem.message.contains(named))
        #expect(problem.action == .setAside)
    }

    @Test(arguments: [(100, false, true), (101, false, false), (100, true, false), (99, true, true)])
    func attributesAreCounted(_ count: Int, _ withID: Bool, _ isTaken: Bool) throws {
        var attributes: [String: String] = [:]
        for number in 0..<count { attributes["key-\(number)"] = "" }
        let request = DeliveryRequest([TestMessage(data: #"{"event":{"id":"1"}}"#, attributes: attributes)])
        let destination = destination { if withID { $0.eventIDAttribute = "event.id" } }
        #expect((destination.problem(with: request.arena.messages[0], in: request.arena) == nil) == isTaken)
    }

    @Test func attributesThatAreNotUTF8AreFoundBefore() {
        var arena = MessageArena()
        arena.append(TestMessage(data: "{}", attributes: ["k": "abc"]))
        var bytes = arena.bytes
        bytes[bytes.count - 2] = 0xFF
        var broken = MessageArena()
        broken.append(raw: bytes, data: arena.messages[0].data, attributes: arena.messages[0].attributes)
        let problem = destination().problem(with: broken.messages[0], in: broken)
        #expect(problem?.code == .attributes)
        #expect(problem?.message.contains("UTF-8") == true)
    }

    @Test func aMessageThatIsTooLargeIsFoundBefore() {
        let destination = destination()
        let limit = destination.limits.maximumMessageBytes
        // Tag and length of the data, and of the message around it.
        let fits = DeliveryRequest([.sized(limit - 10, number: 1)])
        #expect(destination.problem(with: fits.arena.messages[0], in: fits.arena) == nil)
        let large = DeliveryRequest([.sized(limit - 9, number: 1)])
        let problem = destination.problem(with: large.arena.messages[0], in: large.arena)
        #expect(problem?.code == .oversized)
        #expect(problem?.scope == .event)
    }
}
