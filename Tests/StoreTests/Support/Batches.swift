import TestSupport

@testable import Store

/// Makes streams and batches to write.
enum Batches {
    static func stream(_ number: Int, using generator: inout SeededGenerator) -> StreamHandle {
        StreamHandle(
            StreamRecord(
                client: "client-\(number)", source: "source ü \(generator.below(1000))",
                metadata: bytes(generator.below(200), using: &generator), openedAt: Int64(generator.below(1 << 40))))
    }

    static func random(
        _ stream: StreamHandle, maximumBytes: Int = 50_000, using generator: inout SeededGenerator
    ) -> BatchRecord {
        // Often small, sometimes empty, rarely large: all of leaf cells, overflow chains and empty blobs occur.
        let size = [0, generator.below(100), generator.below(4000), generator.below(maximumBytes)][generator.below(4)]
        var index: [UInt32] = []
        var quarantined: [QuarantineRecord] = []
        if size > 0 {
            for _ in 0..<generator.below(6) {
                let start = generator.below(size)
                index += [UInt32(start), UInt32(generator.below(size - start + 1))]
            }
            for number in 0..<max(0, generator.below(6) - 3) {
                let start = generator.below(size)
                quarantined.append(
                    QuarantineRecord(
                        offset: start, length: generator.below(size - start + 1), reason: "no_event_id",
                        detail: "detail \(number)", eventID: bytes(generator.below(30), using: &generator)))
            }
        }
        return BatchRecord(
            stream: stream, receivedAt: Int64(generator.below(1 << 50)), payload: bytes(size, using: &generator),
            index: index, quarantined: quarantined)
    }

    /// One event that is the whole payload.
    static func single(_ stream: StreamHandle, _ payload: [UInt8], receivedAt: Int64 = 1) -> BatchRecord {
        BatchRecord(stream: stream, receivedAt: receivedAt, payload: payload, index: [0, UInt32(payload.count)])
    }

    static func bytes(_ count: Int, using generator: inout SeededGenerator) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next() >> 24) }
    }
}

extension StoredBatch {
    /// Whether this is what was written.
    func holds(_ record: BatchRecord) -> Bool {
        payload == record.payload && index == record.index && receivedAt == record.receivedAt
    }
}
