import Forwarder
import Foundation
import TestSupport
import Testing
import Transfer

/// The Pub/Sub destination keeps every promise of `DestinationConformance` at the real emulator.
@Suite(
    .enabled(if: PubSubEmulator.isAvailable, PubSubEmulator.whyNot), .pubSubEmulator, .timeLimit(.minutes(5)),
    .serialized)
struct PubSubConformanceTests {
    private struct Target: ConformanceTarget {
        let destination: any Destination
        // A subscription without ordering keys promises none.
        let keepsOrder = false
        let emulator: PubSubEmulator
        let transfers: CurlTransfers
        let subscription: String

        static let project = "test"

        init(_ settings: PubSubSettings = PubSubSettings()) async throws {
            emulator = try #require(PubSubEmulator.current)
            let topic = "topic-\(UUID().uuidString)"
            subscription = "subscription-\(topic)"
            try await emulator.createTopic(project: Self.project, topic: topic, subscription: subscription)
            transfers = try CurlTransfers()
            destination = PubSubDestination(
                project: Self.project, topic: topic, endpoint: .emulator(host: emulator.host),
                exchange: transfers.exchange, settings: settings)
        }

        func finish(expecting expected: Int) async throws -> [ReceivedMessage] {
            await destination.shutdown()
            await transfers.shutdown()
            return try await emulator.pull(
                project: Self.project, subscription: subscription, expecting: expected)
        }
    }

    @Test func messagesArriveIntact() async throws {
        try await DestinationConformance.messagesArriveIntact(Target())
    }

    @Test func onlyTheRangeIsDelivered() async throws {
        try await DestinationConformance.onlyTheRangeIsDelivered(Target())
    }

    @Test func manyDeliveriesAtOnceAllArrive() async throws {
        try await DestinationConformance.manyDeliveriesAtOnceAllArrive(Target())
    }

    @Test func theLargestRequestIsTaken() async throws {
        try await DestinationConformance.theLargestRequestIsTaken(Target())
    }

    @Test func whatIsTooLargeIsRefusedUnsent() async throws {
        try await DestinationConformance.whatIsTooLargeIsRefusedUnsent(Target())
    }

    @Test func shutdownRefusesWhatComesLater() async throws {
        try await DestinationConformance.shutdownRefusesWhatComesLater(Target())
    }

    @Test func compressedRequestsAreUnderstood() async throws {
        var settings = PubSubSettings()
        settings.compression = .gzip
        try await DestinationConformance.messagesArriveIntact(Target(settings))
    }

    @Test func aMissingTopicStopsTheDestinationNotTheEvents() async throws {
        let emulator = try #require(PubSubEmulator.current)
        let transfers = try CurlTransfers()
        let destination = PubSubDestination(
            project: "test", topic: "missing", endpoint: .emulator(host: emulator.host),
            exchange: transfers.exchange)
        let error = await #expect(throws: DeliveryError.self) {
            try await destination.deliver(DeliveryRequest([.numbered(1)]))
        }
        #expect(error?.code == .notFound)
        #expect(error?.scope == .destination)
        #expect(error?.message.contains("NOT_FOUND") == true)
        await transfers.shutdown()
    }

    @Test func aRefusedMessageIsBlamedOnTheBatch() async throws {
        let target = try await Target()
        // A message needs data or an attribute.
        let error = await #expect(throws: DeliveryError.self) {
            try await target.destination.deliver(DeliveryRequest([TestMessage(data: "", attributes: [:])]))
        }
        #expect(error?.code == .invalid)
        #expect(error?.scope == .batch)
        #expect(error?.isRetriable == false)
        await target.transfers.shutdown()
    }
}

/// What needs no emulator.
@Suite(.timeLimit(.minutes(1))) struct PubSubFailureTests {
    @Test func nobodyListening() async throws {
        let error = try await deliveryError(from: "127.0.0.1:\(ScriptedServer.closedPort())")
        #expect(error?.code == .connect)
        #expect(error?.scope == .destination)
        #expect(error?.isRetriable == true)
    }

    @Test func aServerThatIsNotGRPC() async throws {
        let server = try ScriptedServer(.bytes("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
        let error = try await deliveryError(from: "127.0.0.1:\(server.port)")
        #expect(error?.scope == .destination)
        #expect(error?.isRetriable == true)
    }

    @Test func aCancelledDeliveryIsLocal() async throws {
        let server = try ScriptedServer(.silence)
        let error = try await withThrowingTaskGroup(of: DeliveryError?.self) { group in
            group.cancelAll()
            group.addTask { try await deliveryError(from: "127.0.0.1:\(server.port)") }
            return try await group.next() ?? nil
        }
        #expect(error?.code == .cancelled)
        #expect(error?.scope == .local)
    }

    private func deliveryError(from host: String) async throws -> DeliveryError? {
        let transfers = try CurlTransfers()
        var settings = PubSubSettings()
        settings.deadline = .seconds(5)
        let destination = PubSubDestination(
            project: "p", topic: "t", endpoint: .emulator(host: host), exchange: transfers.exchange, settings: settings)
        let error = await #expect(throws: DeliveryError.self) {
            try await destination.deliver(DeliveryRequest([.numbered(1)]))
        }
        await transfers.shutdown()
        return error
    }
}
