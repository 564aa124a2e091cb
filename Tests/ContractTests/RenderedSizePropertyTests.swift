internal import Contract
internal import Foundation
internal import SwiftProtobuf
import TestSupport
internal import Testing

/// Sizes of messages: measured ones are real ones, and none is above what is promised without measuring.
@Suite struct RenderedSizePropertyTests {
    /// Random events in a plain run of the tests; `GATEWAY_FUZZ_ITERATIONS` replaces it.
    static let standardIterations = 10_000
    static let seed: UInt64 = 0x512e

    static var iterations: Int {
        ProcessInfo.processInfo.environment["GATEWAY_FUZZ_ITERATIONS"].flatMap(Int.init) ?? standardIterations
    }

    /// Bytes of `{"event":,"metadata":{}}`.
    private static let frameBytes = 24

    private static func renderedBytes(_ event: [UInt8], migrates: Bool) throws -> Int {
        var renderer = try MessageRenderer(metadata: [], migratesLegacyMetadata: migrates)
        var arena = MessageArena()
        try event.withUnsafeBytes { try renderer.render(event: $0, into: &arena) }
        return arena.messages[0].data.count
    }

    /// Nil when the event keeps the limit.
    private static func refusal(_ event: [UInt8], limit: Int, migrates: Bool) -> RefusalReason? {
        let limit = RenderedSizeLimit(metadata: [], migratesLegacyMetadata: migrates, messageBytes: limit)
        return event.withUnsafeBytes { limit.refusal(of: $0) }
    }

    @Test(arguments: [true, false]) func randomEvents(migrates: Bool) throws {
        var events = UnusualEvents(random: SeededGenerator(seed: Self.seed))
        var reshaper = WireReshaper(mutator: Mutator(random: SeededGenerator(seed: ~Self.seed)))
        var rendered = 0
        for round in 0..<Self.iterations {
            var event: [UInt8] = try events.event().serializedBytes()
            if !round.isMultiple(of: 2) { event = reshaper.reshape(event) }
            guard let bytes = try? Self.renderedBytes(event, migrates: migrates) else { continue }
            rendered += 1
            let worst = RenderedSizeLimit.expansion * event.count + RenderedSizeLimit.fixedBytes
            try #require(bytes - Self.frameBytes <= worst, "seed \(Self.seed), round \(round)")
            let below = Self.refusal(event, limit: bytes + 1, migrates: migrates)
            let at = Self.refusal(event, limit: bytes, migrates: migrates)
            try #require(
                below == nil && at == .oversized,
                """
                seed \(Self.seed), round \(round): \(bytes) bytes, \(String(describing: below)) and \
                \(String(describing: at)) about \(Data(event).base64EncodedString())
                """)
        }
        #expect(rendered > Self.iterations / 2)
    }

    /// Events that random ones have found something with.
    @Test(arguments: [[], [0x0a, 0x00, 0x0a, 0x00]] as [[UInt8]]) func found(event: [UInt8]) throws {
        let bytes = try Self.renderedBytes(event, migrates: true)
        #expect(Self.refusal(event, limit: bytes + 1, migrates: true) == nil)
        #expect(Self.refusal(event, limit: bytes, migrates: true) == .oversized)
    }

    /// Text of all lengths of scalars and escapes.
    @Test func longText() throws {
        let pieces = ["a", "\u{1}", "\"", "é", "中", "🚀", "\n"]
        var random = SeededGenerator(seed: Self.seed)
        for round in 0..<40 {
            var text = ""
            while text.utf8.count < random.below(100_000) {
                text += String(repeating: pieces[random.below(pieces.count)], count: 1 + random.below(20_000))
                text += pieces[random.below(pieces.count)]
            }
            let event = Wire.acceptableFields + Wire.field(0x2a, Wire.field(0x0a, Wire.field(0x0a, text)))
            let bytes = try Self.renderedBytes(event, migrates: true)
            try #require(Self.refusal(event, limit: bytes + 1, migrates: true) == nil, "round \(round)")
            try #require(Self.refusal(event, limit: bytes, migrates: true) == .oversized, "round \(round)")
        }
    }

    /// Both ways of rendering, because what an event becomes must not depend on which one it goes.
    @Test(arguments: GrowingShape.all) func worstShapes(shape: GrowingShape) throws {
        for migrates in [true, false] {
            for count in [0, 1, 2, 3, 7, 30, 31, 32, 100, 1000, 5000] {
                let event = shape.fields(count)
                var renderer = try MessageRenderer(metadata: [], migratesLegacyMetadata: migrates)
                var arena = MessageArena()
                try event.withUnsafeBytes { try renderer.render(event: $0, into: &arena) }
                try event.withUnsafeBytes { try renderer.renderByDecoding(event: $0, into: &arena) }
                let worst = RenderedSizeLimit.expansion * event.count + RenderedSizeLimit.fixedBytes
                for message in arena.messages {
                    #expect(message.data.count - Self.frameBytes <= worst, "\(count) of them")
                }
            }
        }
    }

    /// A factor below the one that is used would be wrong.
    @Test func theFactorIsReached() throws {
        let event = GrowingShape.all[0].fields(5000)
        let bytes = try Self.renderedBytes(event, migrates: true)
        #expect(bytes > (RenderedSizeLimit.expansion - 1) * event.count + RenderedSizeLimit.fixedBytes)
    }

    /// Metadata may have its own share on top.
    @Test func worstMetadata() throws {
        for count in [0, 1, 100, 3000] {
            let text = String(repeating: "\u{1}", count: count)
            var metadata = Telemetrygateway_V1_RecordEventsRequestMetadata()
            metadata.requestID = text
            for kind in 0..<3 {
                switch kind {
                case 0:
                    metadata.identifier.licensedInstance.licenseKey = text
                    metadata.identifier.licensedInstance.instanceID = text
                    metadata.identifier.licensedInstance.externalURL = text
                case 1:
                    metadata.identifier.unlicensedInstance.instanceID = text
                    metadata.identifier.unlicensedInstance.externalURL = text
                default:
                    metadata.identifier.managedService.serviceID = text
                    metadata.identifier.managedService.serviceEnvironment = text
                }
                let wire = try metadata.serializedBytes() as [UInt8]
                let json = try metadata.jsonUTF8Bytes() as [UInt8]
                #expect(json.count <= RenderedSizeLimit.expansion * wire.count + RenderedSizeLimit.fixedBytes)
            }
        }
    }
}
