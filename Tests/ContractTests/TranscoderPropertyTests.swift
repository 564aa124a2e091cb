internal import Contract
internal import Foundation
internal import SwiftProtobuf
import TestSupport
internal import Testing

/// The transcoder against SwiftProtobuf: the same events are rendered, as the same values.
@Suite struct TranscoderPropertyTests {
    /// Events of each kind in a plain run of the tests; `GATEWAY_FUZZ_ITERATIONS` replaces it.
    static let standardIterations = 20_000
    /// Parts that run side by side.
    static let shards = 4
    static let seed: UInt64 = 0x7e1e_9a7e

    static var iterations: Int {
        ProcessInfo.processInfo.environment["GATEWAY_FUZZ_ITERATIONS"].flatMap(Int.init) ?? standardIterations
    }

    /// Events as an encoder writes them, every second one reshaped.
    @Test(arguments: 0..<shards) func generatedEvents(shard: Int) throws {
        let seed = Self.seed &+ UInt64(shard)
        var events = UnusualEvents(random: SeededGenerator(seed: seed))
        var reshaper = WireReshaper(mutator: Mutator(random: SeededGenerator(seed: ~seed)))
        // Unary calls in every second shard, and traces in half of both.
        let migratesLegacyMetadata = shard.isMultiple(of: 2)
        let traceparent = shard < Self.shards / 2 ? "" : "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        var plain = try RenderingComparison(
            migratesLegacyMetadata: migratesLegacyMetadata, traceparent: traceparent)
        var reshaped = plain
        let total = Self.iterations / Self.shards
        for round in 0..<total {
            var bytes: [UInt8] = try events.event().serializedBytes()
            // No bytes are no event worth transcoding.
            if bytes.isEmpty { continue }
            let difference: String?
            if round.isMultiple(of: 2) {
                difference = plain.difference(bytes)
            } else {
                bytes = reshaper.reshape(bytes)
                difference = reshaped.difference(bytes)
            }
            guard difference == nil else {
                record(difference, seed: seed, round: round, bytes)
                return
            }
        }
        // Agreement about refusals and declined events would prove little.
        #expect(plain.accepted > total / 4, "only \(plain.accepted) of \(total / 2) events can be rendered")
        #expect(plain.declined == 0, "\(plain.declined) of \(plain.accepted) events of an encoder are declined")
        #expect(reshaped.accepted > total / 4, "only \(reshaped.accepted) of \(total / 2) reshaped events render")
        #expect(reshaped.declined < reshaped.accepted * 3 / 4, "\(reshaped.declined) of \(reshaped.accepted) declined")
        // Shown when a long run asks for it: how much goes the slow way.
        if Self.iterations > Self.standardIterations {
            print("shard \(shard): \(reshaped.declined) of \(reshaped.accepted) reshaped events are declined")
        }
    }

    /// Damaged bytes: the same ones are refused.
    @Test(arguments: 0..<shards) func damagedEvents(shard: Int) throws {
        let seed = Self.seed &+ UInt64(shard)
        var events = UnusualEvents(random: SeededGenerator(seed: seed))
        var reshaper = WireReshaper(mutator: Mutator(random: SeededGenerator(seed: ~seed)), oddity: 30, damage: 12)
        var comparison = try RenderingComparison(migratesLegacyMetadata: shard.isMultiple(of: 2))
        let total = Self.iterations / Self.shards
        for round in 0..<total {
            let bytes = reshaper.reshape(try events.event().serializedBytes())
            if let difference = comparison.difference(bytes) {
                record(difference, seed: seed, round: round, bytes)
                return
            }
        }
        #expect(comparison.accepted > total / 5, "only \(comparison.accepted) of \(total) events render")
        #expect(comparison.accepted < total * 9 / 10, "damage is not damaging")
    }

    private func record(_ difference: String?, seed: UInt64, round: Int, _ bytes: [UInt8]) {
        Issue.record(
            """
            seed \(seed), round \(round): \(difference ?? ""), about \(Data(bytes).base64EncodedString())
            """)
    }

    @Test func vectors() throws {
        var comparison = try RenderingComparison()
        for vector in try EventVector.all() where vector.verdict == "accept" {
            #expect(comparison.difference([UInt8](vector.wire)) == nil, "\(vector.name)")
        }
        #expect(comparison.accepted > 100)
        #expect(comparison.declined < comparison.accepted / 2)
    }
}
