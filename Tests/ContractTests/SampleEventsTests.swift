internal import Contract
internal import Foundation
internal import SwiftProtobuf
internal import Testing

/// The sample events that `gatewayctl send` reads.
@Suite struct SampleEventsTests {
    private func samples() throws -> [Telemetrygateway_V1_Event] {
        var folder = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { folder.deleteLastPathComponent() }
        let text = try String(contentsOf: folder.appending(path: "deploy/samples/events.ndjson"), encoding: .utf8)
        return try text.split(separator: "\n").map { try Telemetrygateway_V1_Event(jsonString: String($0)) }
    }

    @Test func allAreAcceptable() throws {
        let samples = try samples()
        #expect(samples.count == 25)
        #expect(Set(samples.map(\.id)).count == samples.count)
        for sample in samples {
            #expect(EventValidator.refusal(of: sample) == nil, "\(sample.id)")
        }
    }

    @Test func theyShowTheWholeContract() throws {
        let samples = try samples()
        #expect(Set(samples.map(\.feature)).count >= 10)
        #expect(Set(samples.map(\.user)).count >= 10)
        #expect(samples.contains { $0.timestamp.nanos % 1000 != 0 })
        #expect(samples.contains { $0.parameters.privateMetadata.fields["contexts"] != nil })
        #expect(samples.contains { $0.hasFeatureFlags } && samples.contains { $0.hasMarketingTracking })
        #expect(samples.contains { $0.interaction.hasGeolocation })
    }
}
