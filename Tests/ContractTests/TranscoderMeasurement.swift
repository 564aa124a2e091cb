internal import Contract
internal import Foundation
internal import SwiftProtobuf
internal import Testing

/// How fast events are rendered, side by side with SwiftProtobuf. Not a test of the plain run: in a release build,
///
///     GATEWAY_MEASURE=1 GATEWAY_ROOMS=core swift test -c release -Xswiftc -enable-testing --filter TranscoderMeasurement
@Suite(.enabled(if: ProcessInfo.processInfo.environment["GATEWAY_MEASURE"] != nil), .serialized)
struct TranscoderMeasurement {
    /// Rounds of which the fastest counts (count).
    private static let rounds = 7
    /// What the transcoder must be worth.
    private static let leastRatio = 15.0

    /// An event as an editor extension sends it, about 600 bytes encoded.
    static func typicalEvent(_ number: Int) -> Telemetrygateway_V1_Event {
        var event = Telemetrygateway_V1_Event()
        event.id = "0190f3a7-52c1-7b6e-9d3f-\(100_000_000_000 + number)"
        event.timestamp.seconds = 1_760_000_000 + Int64(number)
        event.timestamp.nanos = Int32(number % 1000) * 1_000_000
        event.feature = "cody.completion"
        event.action = "accepted"
        event.source.server.version = "5.9.347_2026-01-15_5.9-a1b2c3d4e5f6"
        event.source.client.name = "VSCODE.Cody"
        event.source.client.version = "1.42.3"
        event.parameters.version = 2
        event.parameters.metadata = [
            "recordsPrivateMetadataTranscript": 1, "lineCount": Double(number % 80), "charCount": 512,
            "latency": 183.25, "isFuzzyMatch": 0, "acceptedItems": 1,
        ]
        event.parameters.privateMetadata.fields["languageId"] = "typescript"
        event.parameters.privateMetadata.fields["model"] = "anthropic/claude-sonnet"
        let context: Google_Protobuf_Struct = ["embeddings": 2, "local": 5, "remote": false]
        event.parameters.privateMetadata.fields["contextSummary"] = Google_Protobuf_Value(structValue: context)
        event.parameters.billingMetadata.product = "cody"
        event.parameters.billingMetadata.category = "core"
        event.user.userID = 100_000 + Int64(number)
        event.user.anonymousUserID = "7f3d2c1b-0a99-4e88-b777-\(200_000_000_000 + number)"
        event.featureFlags.flags = ["cody-autocomplete-tracing": "true", "search-ranking": "control"]
        event.interaction.traceID = "4bf92f3577b34da6a3ce929d0e0e4736"
        return event
    }

    @Test func typicalEvents() throws {
        try measure("typical", (0..<1000).map { try Self.typicalEvent($0).serializedBytes() })
    }

    @Test func vectors() throws {
        try measure("vectors", EventVector.all().filter { $0.verdict == "accept" }.map { [UInt8]($0.wire) })
    }

    private func measure(_ name: String, _ events: [[UInt8]]) throws {
        var metadata = Telemetrygateway_V1_RecordEventsRequestMetadata()
        metadata.requestID = "4bf92f3577b34da6a3ce929d0e0e4736"
        metadata.identifier.licensedInstance.licenseKey = String(repeating: "k", count: 854)
        metadata.identifier.licensedInstance.instanceID = "instance"
        var renderer = try MessageRenderer(metadata: metadata.serializedBytes())
        var arena = MessageArena()
        let transcoding = try fastest(repeats: 20) {
            arena.removeAll()
            for event in events { try event.withUnsafeBytes { try renderer.render(event: $0, into: &arena) } }
        }
        let messageBytes = arena.bytes.count / events.count
        let decoding = try fastest(repeats: 2) {
            arena.removeAll()
            for event in events { try event.withUnsafeBytes { try renderer.renderByDecoding(event: $0, into: &arena) } }
        }
        let eventBytes = events.map(\.count).reduce(0, +) / events.count
        let transcodingRate = transcoding / Double(events.count) * 1e9
        let decodingRate = decoding / Double(events.count) * 1e9
        print(
            """
            \(name): \(eventBytes) B on the wire, \(messageBytes) B out; transcoded \(Int(transcodingRate)) ns/event \
            (\(Int(1e9 / transcodingRate)) events/s), decoded \(Int(decodingRate)) ns/event \
            (\(Int(1e9 / decodingRate)) events/s), ratio \(decodingRate / transcodingRate)
            """)
        if name == "typical" { #expect(decodingRate / transcodingRate >= Self.leastRatio) }
    }

    /// Seconds of one call in the fastest round.
    private func fastest(repeats: Int, _ body: () throws -> Void) rethrows -> Double {
        var best = Double.infinity
        for _ in 0..<Self.rounds {
            let duration = try ContinuousClock().measure { for _ in 0..<repeats { try body() } }
            best = min(best, duration / .seconds(1) / Double(repeats))
        }
        return best
    }
}
