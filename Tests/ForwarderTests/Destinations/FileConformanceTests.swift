import Forwarder
import Testing

/// The file destination keeps every promise of `DestinationConformance`.
@Suite(.timeLimit(.minutes(2))) struct FileConformanceTests {
    private struct Target: ConformanceTarget {
        let directory: TemporaryDirectory
        let destination: any Destination
        let keepsOrder = true

        init(_ compression: Compression = .none) throws {
            directory = try TemporaryDirectory()
            var settings = FileDestinationSettings()
            settings.compression = compression
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

    @Test(arguments: Compression.allCases)
    func messagesArriveIntact(_ compression: Compression) async throws {
        try await DestinationConformance.messagesArriveIntact(Target(compression))
    }

    @Test func onlyTheRangeIsDelivered() async throws {
        try await DestinationConformance.onlyTheRangeIsDelivered(Target())
    }

    @Test(arguments: Compression.allCases)
    func manyDeliveriesAtOnceAllArrive(_ compression: Compression) async throws {
        try await DestinationConformance.manyDeliveriesAtOnceAllArrive(Target(compression))
    }

    @Test(arguments: Compression.allCases)
    func theLargestRequestIsTaken(_ compression: Compression) async throws {
        try await DestinationConformance.theLargestRequestIsTaken(Target(compression))
    }

    @Test func whatIsTooLargeIsRefusedUnsent() async throws {
        try await DestinationConformance.whatIsTooLargeIsRefusedUnsent(Target())
    }

    @Test(arguments: Compression.allCases)
    func shutdownRefusesWhatComesLater(_ compression: Compression) async throws {
        try await DestinationConformance.shutdownRefusesWhatComesLater(Target(compression))
    }
}
