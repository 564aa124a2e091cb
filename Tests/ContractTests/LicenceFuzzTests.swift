internal import Contract
internal import Foundation
import TestSupport
internal import Testing

/// Damaged keys: nothing traps, and nothing is accepted that was not signed.
@Suite struct LicenceFuzzTests {
    /// Mutated keys in a plain run of the tests; `GATEWAY_FUZZ_ITERATIONS` replaces it.
    static let standardIterations = 240_000
    /// Parts that run side by side.
    static let shards = 4
    static let seed: UInt64 = 0x11ce_4ce5

    static var iterations: Int {
        ProcessInfo.processInfo.environment["GATEWAY_FUZZ_ITERATIONS"].flatMap(Int.init) ?? standardIterations
    }

    /// A good key, at every level at which it can be damaged.
    private struct Original {
        let text: String
        let json: [UInt8]
        let format: String
        let blob: [UInt8]
        let information: [UInt8]

        init(format: String, issuer: LicenceIssuer, number: Int) throws {
            self.format = format
            information = Array(LicenceIssuer.information.replacing("\"u\":10", with: "\"u\":\(number)").utf8)
            blob = try issuer.sign(information, format: format)
            json = LicenceIssuer.envelope(format: format, blob: blob, information: information)
            text = LicenceIssuer.encode(json)
        }
    }

    @Test(arguments: 0..<shards) func mutatedKeys(shard: Int) throws {
        let seed = Self.seed &+ UInt64(shard)
        let issuer = try LicenceIssuer.first.get()
        let verifier = try LicenceVerifier(publicKeysFile: issuer.publicKeyLine)
        let formats = ["ssh-rsa", "rsa-sha2-256", "rsa-sha2-512"]
        let originals = try (0..<6).map {
            try Original(format: formats[$0 % formats.count], issuer: issuer, number: $0)
        }
        let signed = Set(originals.map { [$0.information, Array($0.blob.drop { $0 == 0 })] })
        var mutator = ByteMutator(kind: .licence, random: SeededGenerator(seed: seed))
        var accepted = 0
        var parsed = 0
        var codes: Set<LicenceError.Code> = []

        for round in 0..<Self.iterations / Self.shards {
            let text = Self.damaged(originals, by: &mutator)
            do {
                let key = try LicenceKey(text: text)
                parsed += 1
                _ = try verifier.information(of: key)
                accepted += 1
                let isSigned = signed.contains([key.signedBytes, Array(key.signatureBytes.drop { $0 == 0 })])
                try #require(isSigned, "seed \(seed), round \(round): accepted \(text.debugDescription)")
            } catch let error as LicenceError {
                codes.insert(error.code)
                try #require(
                    error.message.utf8.count < 300 && error.message.utf8.allSatisfy { (0x20..<0x7f).contains($0) },
                    "seed \(seed), round \(round): \(error)")
            }
        }
        // Rubbish alone would prove nothing.
        let total = Self.iterations / Self.shards
        #expect(parsed > total / 10, "only \(parsed) of \(total) mutated keys can be taken apart")
        #expect(accepted > total / 100, "only \(accepted) of \(total) mutated keys are harmless changes")
        #expect(codes.isSuperset(of: [.notBase64, .notJSON, .malformed, .signatureInvalid, .signatureMissing]))
    }

    private static func damaged(_ originals: [Original], by mutator: inout ByteMutator) -> String {
        let original = originals[mutator.random.below(originals.count)]
        let other = originals[mutator.random.below(originals.count)]
        switch mutator.random.below(8) {
        case 0, 1:
            return String(
                decoding: mutator.mutate(Array(original.text.utf8), with: Array(other.text.utf8)), as: UTF8.self)
        case 2, 3, 4:
            return LicenceIssuer.encode(mutator.mutate(original.json, with: other.json))
        case 5:
            return LicenceIssuer.text(
                format: original.format, blob: original.blob,
                information: mutator.mutate(original.information, with: other.information))
        case 6:
            return LicenceIssuer.text(
                format: original.format, blob: mutator.mutate(original.blob, with: other.blob),
                information: original.information)
        default:
            // Pieces of two good keys.
            return LicenceIssuer.text(
                format: other.format, blob: mutator.random.once(in: 2) ? original.blob : other.blob,
                information: original.information)
        }
    }

    @Test func mutatedInformation() throws {
        var mutator = ByteMutator(kind: .licence, random: SeededGenerator(seed: Self.seed))
        let bytes = Array(LicenceIssuer.information.utf8)
        var decoded = 0
        let total = Self.iterations / 8
        for round in 0..<total {
            do {
                _ = try LicenceInformation(signedBytes: mutator.mutate(bytes, with: bytes))
                decoded += 1
            } catch {
                try #require(error.code == .informationMalformed, "seed \(Self.seed), round \(round)")
            }
        }
        #expect(decoded > total / 20 && decoded < total)
    }

    @Test func mutatedPublicKeys() throws {
        var mutator = ByteMutator(kind: .licence, random: SeededGenerator(seed: Self.seed))
        let issuer = try LicenceIssuer.first.get()
        let whole = try LicenceVerifier(publicKeysFile: issuer.publicKeyLine)
        let key = try LicenceKey(text: issuer.issue())
        let words = issuer.publicKeyLine.split(separator: " ")
        let bytes = try [UInt8](#require(Data(base64Encoded: String(words[1]))))
        let line = Array(issuer.publicKeyLine.utf8)
        var usable = 0
        for round in 0..<20_000 {
            let text =
                round.isMultiple(of: 2)
                ? String(decoding: mutator.mutate(line, with: line), as: UTF8.self)
                : "ssh-rsa " + LicenceBytes.base64(mutator.mutate(bytes, with: bytes))
            guard let verifier = try? LicenceVerifier(publicKeysFile: text) else { continue }
            usable += 1
            guard (try? verifier.information(of: key)) != nil else { continue }
            // Only a line whose damage is outside the numbers still verifies.
            try #require(
                verifier.fingerprints.contains(whole.fingerprints[0]), "seed \(Self.seed), round \(round): \(text)")
        }
        #expect(usable > 100 && usable < 20_000)
    }
}
