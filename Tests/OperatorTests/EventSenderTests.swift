internal import Contract
internal import GRPCCore
internal import Operator
import TestSupport
internal import Testing

@Suite(.timeLimit(.minutes(1))) struct EventSenderTests {
    private let identity = SenderIdentity.instance(id: "instance-1", externalURL: "https://one.example")

    private func source(_ text: String, batchEvents: Int = 10) throws -> (source: BatchSource, file: TemporaryFile) {
        let file = try TemporaryFile(text)
        var limits = BatchSource.Limits()
        limits.batchEvents = batchEvents
        return (try BatchSource(paths: [file.path], limits: limits) { _ in }, file)
    }

    @Test func everythingIsSentAndAcknowledged() async throws {
        let received = Recorder<[String]>()
        let metadata = Recorder<Telemetrygateway_V1_RecordEventsRequestMetadata>()
        let input = try source(EventLines.make(25))
        let tally = AcknowledgementTally()
        let answer: FakeIngest.Answer = { ids in
            received.record(ids)
            return ids
        }
        try await FakeIngest.serve(answer: answer, onMetadata: { metadata.record($0) }) { address in
            try await EventSender(address: address, identity: identity).send(input.source, tally: tally) {}
        }
        #expect(received.values.map(\.count) == [10, 10, 5])
        #expect(received.values.flatMap(\.self) == (0..<25).map { "event-\($0)" })
        #expect(tally.figures.acknowledged == 25)
        #expect(tally.figures.missing == 0)
        let instance = try #require(metadata.values.first?.identifier.unlicensedInstance)
        #expect(instance.instanceID == "instance-1")
        #expect(instance.externalURL == "https://one.example")
    }

    @Test func idsThatAreNotAcknowledgedAreMissing() async throws {
        let input = try source(EventLines.make(20))
        let tally = AcknowledgementTally()
        try await FakeIngest.serve(answer: { Array($0.dropFirst(2)) }) { address in
            try await EventSender(address: address, identity: identity).send(input.source, tally: tally) {}
        }
        #expect(tally.figures.acknowledged == 16)
        #expect(tally.figures.missingIDs == ["event-0", "event-1", "event-10", "event-11"])
    }

    @Test func aRefusalIsReportedWithItsReason() async throws {
        let input = try source(EventLines.make(20))
        let tally = AcknowledgementTally()
        try await FakeIngest.serve(answer: { _ in throw RPCError(code: .unauthenticated, message: "who are you") }) {
            address in
            let failure = await #expect(throws: OperatorFailure.self) {
                try await EventSender(address: address, identity: identity).send(input.source, tally: tally) {}
            }
            #expect(failure?.code == .refused)
            #expect(failure?.message.contains("who are you") == true)
        }
        #expect(tally.figures.acknowledged == 0)
        #expect(tally.figures.missing == tally.figures.events)
    }

    @Test func aServerThatGoesAwayIsUnreachable() async throws {
        let input = try source(EventLines.make(20))
        try await FakeIngest.serve(answer: { _ in throw RPCError(code: .unavailable, message: "shutting down") }) {
            address in
            let failure = await #expect(throws: OperatorFailure.self) {
                try await EventSender(address: address, identity: identity)
                    .send(input.source, tally: AcknowledgementTally()) {}
            }
            #expect(failure?.code == .unreachable)
        }
    }

    @Test func aPortWithoutServerIsUnreachable() async throws {
        let input = try source(EventLines.make(1))
        let address = ServerAddress(host: "127.0.0.1", port: 1)
        let failure = await #expect(throws: OperatorFailure.self) {
            try await EventSender(address: address, identity: identity)
                .send(input.source, tally: AcknowledgementTally()) {}
        }
        #expect(failure?.code.exitCode == 69)
        #expect(failure?.message.contains("can not connect to 127.0.0.1:1: is telemetry-ingest running there?") == true)
    }

    @Test func eventsBeforeABadLineAreAcknowledged() async throws {
        let input = try source(EventLines.make(3) + "nonsense\n")
        let tally = AcknowledgementTally()
        try await FakeIngest.serve(answer: { $0 }) { address in
            let failure = await #expect(throws: OperatorFailure.self) {
                try await EventSender(address: address, identity: identity).send(input.source, tally: tally) {}
            }
            #expect(failure?.message.contains(":4: is no JSON object") == true)
        }
        #expect(tally.figures.acknowledged == 3)
    }

    @Test func aRateIsKept() async throws {
        let input = try source(EventLines.make(6), batchEvents: 2)
        let clock = ContinuousClock()
        try await FakeIngest.serve(answer: { $0 }) { address in
            let sender = EventSender(address: address, identity: identity, eventsPerSecond: 20)
            // Three batches of 2: the last is due after 4 / 20 s.
            let duration = try await clock.measure {
                try await sender.send(input.source, tally: AcknowledgementTally()) {}
            }
            #expect(duration >= .milliseconds(200))
        }
    }
}
