import Forwarder
import Testing

/// The file destination keeps every promise of `DestinationConformance`.
@Suite(.timeLimit(.minutes(2))) struct FileConformanceTests {
    private struct Target: ConformanceTarget {
        let directory: TemporaryDirectory
        let destination: any Destination
        let keepsOrder = true

        init() throws {
            directory = try TemporaryDirectory()
            var settings = FileDestinationSettings()
            // Standard limits let a single message be a gigabyte; the promise is the same for less.
            settings.requests = RequestLimits(
                maximumMessages: 2000, maximumBytes: 4 << 20, maximumMessageBytes: 6 << 20, maximumInFlight: 4)
            destination = try FileDestination(directory: directory.path, settings: settings)
        }

        func finish(expecting expected: Int) async throws -> [ReceivedMessage] {
            await destination.shutdown()
            return try directory.finishedLines().map { try ReceivedMessage(line: $0) }
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
}
