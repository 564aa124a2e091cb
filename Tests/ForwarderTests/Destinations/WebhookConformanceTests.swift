import Forwarder
import TestSupport
import Testing
import Transfer

/// The webhook destination keeps every promise of `DestinationConformance`.
@Suite(.timeLimit(.minutes(2)), .serialized) struct WebhookConformanceTests {
    private struct Target: ConformanceTarget {
        let destination: any Destination
        let keepsOrder = true
        let server: HTTPTestServer
        let transfers: CurlTransfers
        private let failure: Changeable<HTTPTestServer.Response?>
        private let isCompressed: Bool

        init(_ compression: Compression) throws {
            let failure = Changeable<HTTPTestServer.Response?>(nil)
            self.failure = failure
            server = try HTTPTestServer { _ in failure.value ?? .init(204) }
            transfers = try CurlTransfers()
            isCompressed = compression == .gzip
            var settings = WebhookSettings()
            settings.compression = compression
            settings.requests.maximumMessageBytes = 3_000_000
            destination = WebhookDestination(
                url: try PeerURL("http://\(server.host)/x", allowInsecure: false, adviceOnPlaintext: ""),
                exchange: transfers.exchange, settings: settings)
        }

        func setFailure(_ failure: ConformanceFailure?) -> Bool {
            self.failure.value =
                switch failure {
                case nil: nil
                case .unavailable: .init(503)
                case .refused: .init(400)
                case .unauthenticated: .init(401)
                }
            return true
        }

        func finish(expecting expected: Int) async throws -> [ReceivedMessage] {
            await destination.shutdown()
            await transfers.shutdown()
            return try server.requests.values.flatMap { request in
                let body = isCompressed ? try Gzip.expanded(request.body) : request.body
                return try String(decoding: body, as: UTF8.self).split(separator: "\n")
                    .map { try ReceivedMessage(line: $0) }
            }
        }
    }

    @Test(arguments: Compression.allCases)
    func messagesArriveIntact(_ compression: Compression) async throws {
        try await DestinationConformance.messagesArriveIntact(Target(compression))
    }

    @Test func onlyTheRangeIsDelivered() async throws {
        try await DestinationConformance.onlyTheRangeIsDelivered(Target(.none))
    }

    @Test(arguments: Compression.allCases)
    func manyDeliveriesAtOnceAllArrive(_ compression: Compression) async throws {
        try await DestinationConformance.manyDeliveriesAtOnceAllArrive(Target(compression))
    }

    @Test func theLargestRequestIsTaken() async throws {
        try await DestinationConformance.theLargestRequestIsTaken(Target(.none))
    }

    @Test func whatIsTooLargeIsRefusedUnsent() async throws {
        try await DestinationConformance.whatIsTooLargeIsRefusedUnsent(Target(.none))
    }

    @Test func failuresHaveTheirScope() async throws {
        try await DestinationConformance.failuresHaveTheirScope(Target(.none))
    }

    @Test func shutdownRefusesWhatComesLater() async throws {
        try await DestinationConformance.shutdownRefusesWhatComesLater(Target(.none))
    }
}
