internal import Contract
internal import Foundation
internal import SwiftProtobuf
import TestSupport
internal import Testing

/// The scanner against SwiftProtobuf: whatever one accepts the other accepts, with the same events, ids and verdicts.
@Suite struct ScannerPropertyTests {
    /// Mutated requests in a plain run of the tests; `GATEWAY_FUZZ_ITERATIONS` replaces it.
    static let standardIterations = 1_000_000
    /// Parts that run side by side.
    static let shards = 4
    static let seed: UInt64 = 0x7e1e_6a7e

    static var iterations: Int {
        ProcessInfo.processInfo.environment["GATEWAY_FUZZ_ITERATIONS"].flatMap(Int.init) ?? standardIterations
    }

    @Test func randomRequests() throws {
        var generator = EventGenerator(random: SeededGenerator(seed: Self.seed))
        var scanner = WireScanner()
        for round in 0..<3000 {
            let bytes: [UInt8] = try generator.request(maximumEvents: 6).serializedBytes()
            let acknowledgeRefused = round.isMultiple(of: 2)
            let expected = Verdict.oracle(bytes, acknowledgeRefused: acknowledgeRefused)
            let found = Verdict.scanned(bytes, acknowledgeRefused: acknowledgeRefused, by: &scanner)
            try #require(found == expected, "seed \(Self.seed), round \(round)")
        }
    }

    @Test(arguments: 0..<shards) func mutatedRequests(shard: Int) throws {
        let seed = Self.seed &+ UInt64(shard)
        let corpus = try FuzzCorpus(seed: seed, piecesPerLevel: 40)
        var mutator = Mutator(random: SeededGenerator(seed: seed ^ 0x00ff_00ff))
        var scanner = WireScanner()
        scanner.scope = StreamScope(identity: .managedService(serviceID: "pings", environment: nil), metadata: [])
        var decoded = 0
        for round in 0..<Self.iterations / Self.shards {
            let piece = corpus.pieces[mutator.random.below(corpus.pieces.count)]
            let other = corpus.pieces[mutator.random.below(corpus.pieces.count)]
            let bytes = piece.level.request(around: mutator.mutate(piece.bytes, with: other.bytes))
            let acknowledgeRefused = round & 1 == 0
            let expected = Verdict.oracle(bytes, acknowledgeRefused: acknowledgeRefused)
            let found = Verdict.scanned(bytes, acknowledgeRefused: acknowledgeRefused, by: &scanner)
            if expected.payload != .malformed { decoded += 1 }
            guard found == expected, Verdict.fingerprintsAgree(bytes, scanner) else {
                Issue.record(
                    """
                    seed \(seed), round \(round): the scanner says \(found), SwiftProtobuf \(expected), about \
                    \(Data(bytes).base64EncodedString())
                    """)
                return
            }
        }
        // A corpus of nothing but rubbish would prove nothing.
        let total = Self.iterations / Self.shards
        #expect(decoded > total / 5, "only \(decoded) of \(total) mutated requests decode")
    }

    @Test func mutatedUnaryRequests() throws {
        var generator = EventGenerator(random: SeededGenerator(seed: Self.seed))
        var mutator = Mutator(random: SeededGenerator(seed: Self.seed))
        let scanner = WireScanner()
        for round in 0..<20_000 {
            var request = Telemetrygateway_V1_RecordEventRequest()
            if !generator.random.once(in: 8) { request.metadata = generator.metadata() }
            if !generator.random.once(in: 8) { request.event = generator.event() }
            var bytes: [UInt8] = try request.serializedBytes()
            if !round.isMultiple(of: 4) { bytes = mutator.mutate(bytes, with: bytes) }
            let expected = try? Telemetrygateway_V1_RecordEventRequest(serializedBytes: bytes)
            let scan = bytes.withUnsafeBytes { try? scanner.scanUnary($0) }
            try #require((scan == nil) == (expected == nil), "round \(round)")
            guard let scan, let expected else { continue }
            try #require((scan.metadata != nil) == expected.hasMetadata, "round \(round)")
            try #require((scan.event != nil) == expected.hasEvent, "round \(round)")
            if let metadata = scan.metadata {
                let decoded = try Telemetrygateway_V1_RecordEventsRequestMetadata(serializedBytes: metadata)
                try #require(decoded == expected.metadata, "round \(round)")
            }
            if let event = scan.event {
                try #require(
                    scan.refusal == EventValidator.refusal(of: expected.event), "round \(round)")
                try #require(String(decoding: event[scan.id], as: UTF8.self) == expected.event.id, "round \(round)")
            }
        }
    }
}
