internal import Contract
internal import Foundation
internal import SwiftProtobuf
import TestSupport
internal import Testing

/// Damaged bodies: every one gives a result or an error, and what is made of it is what SwiftProtobuf makes of it.
@Suite struct BodyFuzzTests {
    /// Mutated bodies in a plain run of the tests; `GATEWAY_FUZZ_ITERATIONS` replaces it.
    static let standardIterations = 20_000
    /// Parts that run side by side.
    static let shards = 4
    static let seed: UInt64 = 0xb0d1_e5f0

    static var iterations: Int {
        ProcessInfo.processInfo.environment["GATEWAY_FUZZ_ITERATIONS"].flatMap(Int.init) ?? standardIterations
    }

    @Test(arguments: 0..<shards) func mutatedBodies(shard: Int) throws {
        let seed = Self.seed &+ UInt64(shard)
        let originals = try Self.originals(seed: seed)
        var mutator = ByteMutator(kind: .body, random: SeededGenerator(seed: seed ^ 0x00ff_00ff))
        var comparison = BodyComparison()
        var accepted = 0
        var events = 0
        for round in 0..<Self.iterations / Self.shards {
            let original = originals[mutator.random.below(originals.count)]
            let other = originals[mutator.random.below(originals.count)]
            let bytes = mutator.mutate(original.bytes, with: other.bytes)
            if let difference = comparison.difference(bytes, format: original.format) {
                Issue.record("seed \(seed), round \(round): \(difference): \(Data(bytes).base64EncodedString())")
                return
            }
            accepted += comparison.events == nil ? 0 : 1
            events += comparison.events ?? 0
        }
        // Rubbish alone would prove nothing.
        let total = Self.iterations / Self.shards
        #expect(accepted > total / 3 && accepted < total, "\(accepted) of \(total) mutated bodies are taken")
        #expect(events > total / 3, "only \(events) events in \(total) mutated bodies")
    }

    /// The same events in both formats, untouched: an array is its lines.
    @Test func arraysAndLinesAgree() throws {
        var generator = EventGenerator(random: SeededGenerator(seed: Self.seed))
        for round in 0..<1000 {
            let texts = (0..<4).compactMap { _ in try? generator.event().jsonString() }
            var lines = try EventBody(Array(texts.joined(separator: "\n").utf8), format: .lines)
            var array = try EventBody(Array("[\(texts.joined(separator: " ,\n"))]".utf8), format: .array)
            _ = try lines.decode()
            _ = try array.decode()
            try #require(lines.items == array.items && lines.eventCount == texts.count, "round \(round)")
            // Maps have no order on the wire: what is decoded again is compared.
            let requests = try [lines, array].map {
                try Telemetrygateway_V1_RecordEventsRequest(serializedBytes: $0.request).textFormatString()
            }
            try #require(requests[0] == requests[1], "round \(round)")
        }
    }

    private static func originals(seed: UInt64) throws -> [(bytes: [UInt8], format: EventBodyFormat)] {
        var generator = EventGenerator(random: SeededGenerator(seed: seed))
        return (0..<60).map { number in
            let texts = (0..<1 + generator.random.below(3)).compactMap { _ in try? generator.event().jsonString() }
            return number.isMultiple(of: 2)
                ? (Array(texts.joined(separator: "\n").utf8), .lines)
                : (Array("[\(texts.joined(separator: ","))]".utf8), .array)
        }
    }
}
