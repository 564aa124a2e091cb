import TestSupport

@testable import Store

/// Batches of small events that carry a number as their id, and how duplicates among them are recognised.
enum Marked {
    /// Bytes of one event: its number, then nothing of interest.
    static let eventBytes = 24

    /// - Parameter filler: bytes before the events, which belong to none.
    static func batch(
        _ stream: StreamHandle, _ ids: [UInt64], receivedAt: Int64, filler: Int = 0,
        quarantined: [QuarantineRecord] = []
    ) -> BatchRecord {
        var payload = [UInt8](repeating: 0xee, count: filler)
        var index: [UInt32] = []
        for id in ids {
            index += [UInt32(payload.count), UInt32(eventBytes)]
            payload += withUnsafeBytes(of: id.littleEndian) { Array($0) }
            payload += [UInt8](repeating: 0xaa, count: eventBytes - 8)
        }
        return BatchRecord(
            stream: stream, receivedAt: receivedAt, payload: payload, index: index, quarantined: quarantined,
            fingerprints: ids.flatMap { id in
                let fingerprint = fingerprint(id, of: stream.record)
                return [fingerprint.0, fingerprint.1]
            })
    }

    static func id(_ event: UnsafeRawBufferPointer) -> UInt64 { event.loadUnaligned(as: UInt64.self) }

    /// Senders do not share ids.
    static func fingerprint(_ id: UInt64, of stream: StreamRecord) -> (UInt64, UInt64) {
        let scope = UInt64(stream.client.utf8.reduce(7) { $0 &* 31 &+ Int($1) })
        return (mixed(id &+ scope &* 0x9e37_79b9_7f4a_7c15), mixed(id ^ scope ^ 0xdead_beef))
    }

    static func detection(
        bytes: Int = 1 << 20, age: Int64 = DuplicateDetection.standardAge,
        restoreTime: Int64 = DuplicateDetection.standardRestoreTime
    ) -> DuplicateDetection {
        DuplicateDetection(bytes: bytes, age: age, restoreTime: restoreTime) { stream in
            { event in event.count == eventBytes ? fingerprint(id(event), of: stream) : nil }
        }
    }

    /// The ids of all stored events, in the order of the spool.
    static func storedIDs(_ layout: SpoolLayout) async throws -> [UInt64] {
        try await Drain(SpoolReader(layout: layout)).batches.flatMap { batch in
            (0..<batch.eventCount).map { batch.withEvent($0) { Marked.id($0) } }
        }
    }

    static func stream(_ client: String = "client", source: String = "s") -> StreamHandle {
        StreamHandle(StreamRecord(client: client, source: source, metadata: [1, 2, 3], openedAt: 0))
    }

    private static func mixed(_ number: UInt64) -> UInt64 {
        var generator = SeededGenerator(seed: number)
        return generator.next()
    }
}
