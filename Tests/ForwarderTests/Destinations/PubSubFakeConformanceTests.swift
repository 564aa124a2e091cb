import Forwarder
import Foundation
import TestSupport
import Testing

/// The Pub/Sub destination keeps every promise of `DestinationConformance`, where there is no emulator.
@Suite(.timeLimit(.minutes(2)), .serialized) struct PubSubFakeConformanceTests {
    private struct Target: ConformanceTarget {
        let destination: any Destination
        let keepsOrder = true
        let publisher = FakePublisher()

        init() {
            var settings = PubSubSettings()
            settings.eventIDAttribute = nil
            destination = PubSubDestination(
                project: "p", topic: "t", endpoint: .emulator(host: "fake.test"), exchange: publisher.exchange,
                settings: settings)
        }

        func setFailure(_ failure: ConformanceFailure?) -> Bool {
            publisher.answers.value =
                switch failure {
                case nil: []
                case .unavailable: [.status(14)]
                case .refused: [.status(3)]
                case .unauthenticated: [.status(16)]
                }
            return true
        }

        func finish(expecting expected: Int) async throws -> [ReceivedMessage] {
            await destination.shutdown()
            return try publisher.published.values.joined().map {
                try ReceivedMessage(data: Data($0.data.utf8), attributes: $0.attributes)
            }
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

    @Test func failuresHaveTheirScope() async throws {
        try await DestinationConformance.failuresHaveTheirScope(Target())
    }

    @Test func shutdownRefusesWhatComesLater() async throws {
        try await DestinationConformance.shutdownRefusesWhatComesLater(Target())
    }
}
