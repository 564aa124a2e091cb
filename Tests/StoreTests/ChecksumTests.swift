import TestSupport
import Testing

@testable import Store

struct ChecksumTests {
    @Test
    func knownVectors() {
        // RFC 3720, appendix B.4, and the catalogue's check value.
        #expect(sum(Array("123456789".utf8)) == 0xe306_9283)
        #expect(sum([UInt8](repeating: 0, count: 32)) == 0x8a91_36aa)
        #expect(sum([UInt8](repeating: 0xff, count: 32)) == 0x62a8_ab43)
        #expect(sum(Array(0..<32)) == 0x46dd_794e)
        #expect(sum([]) == 0)
    }

    @Test
    func agreesWithTheDefinitionHoweverItIsCut() {
        let seed: UInt64 = 31
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let bytes = Batches.bytes(generator.below(300), using: &generator)
            var pieces = Checksum()
            var rest = bytes[...]
            while !rest.isEmpty {
                let piece = Array(rest.prefix(1 + generator.below(40)))
                rest = rest.dropFirst(piece.count)
                piece.withUnsafeBytes { pieces.add($0) }
            }
            #expect(pieces.value == definition(bytes), "seed \(seed)")
            #expect(sum(bytes) == definition(bytes), "seed \(seed)")
        }
    }

    @Test
    func neighbouringFieldsCanNotTradeBytes() {
        let left = StreamRecord(client: "ab", source: "c", metadata: [], openedAt: 0)
        let right = StreamRecord(client: "a", source: "bc", metadata: [], openedAt: 0)
        #expect(left.checksum != right.checksum)
    }

    private func sum(_ bytes: [UInt8]) -> UInt32 {
        var checksum = Checksum()
        bytes.withUnsafeBytes { checksum.add($0) }
        return checksum.value
    }

    /// Bit by bit, reflected polynomial.
    private func definition(_ bytes: [UInt8]) -> UInt32 {
        var crc: UInt32 = 0xffff_ffff
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0x82f6_3b78 : crc >> 1 }
        }
        return ~crc
    }
}
