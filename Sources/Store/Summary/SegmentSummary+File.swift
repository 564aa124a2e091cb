internal import Glibc

/// The file: a head of fixed size, the senders, the batches, and a CRC-32C over all of it. Little-endian.
extension SegmentSummary {
    private static let magic: UInt64 = 0x3130_4d55_5347_4754  // "TGGSUM01"
    private static let headBytes = 64
    private static let batchBytes = 20
    private static let sumBytes = 4
    /// Nothing larger is read: the segments of a spool have far fewer batches.
    private static let maximumBytes = 64 << 20

    /// Writes the summary of a segment whose seal is durable. Without space, or without a file that can be written, there
    /// is none: whoever misses it opens the segment.
    /// - Parameter schemaVersion: the segment's, so that a segment of a newer build is not taken for one that this build
    ///   can read.
    func write(_ layout: SpoolLayout, schemaVersion: Int64 = Schema.segment.version) {
        let path = layout.summaryPath(number)
        do throws(StoreError) {
            let bytes = encoded(schemaVersion: schemaVersion)
            let file = try FileWriter(path: path)
            try bytes.withUnsafeBufferPointer { (bytes) throws(StoreError) in
                try file.append(UnsafeRawBufferPointer(bytes))
            }
        } catch {
            unlink(path)
        }
    }

    /// Reads the summary of a segment; nil when there is none or it does not add up.
    static func read(_ number: UInt64, _ layout: SpoolLayout) -> SegmentSummary? {
        guard let file = try? FileReader(path: layout.summaryPath(number)),
            file.size >= headBytes + sumBytes, file.size <= maximumBytes
        else { return nil }
        var bytes = [UInt8](repeating: 0, count: file.size)
        guard (try? file.read(&bytes, at: 0)) != nil else { return nil }
        return bytes.withUnsafeBytes { decoded($0, number: number) }
    }

    func encoded(schemaVersion: Int64 = Schema.segment.version) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.headBytes + batches.count * Self.batchBytes + senders.count * 64 + Self.sumBytes)
        func put(_ value: some FixedWidthInteger) { withUnsafeBytes(of: value.littleEndian) { bytes += $0 } }
        put(Self.magic)
        put(schemaVersion)
        put(number)
        put(totals.batches)
        put(totals.events)
        put(totals.quarantined)
        put(totals.payloadBytes)
        put(UInt64(senders.count))
        for sender in senders {
            put(UInt32(sender.name.utf8.count))
            put(UInt32(sender.source.utf8.count))
            bytes += sender.name.utf8
            bytes += sender.source.utf8
        }
        for batch in batches {
            put(batch.receivedAt)
            put(batch.stream)
            put(batch.events)
            put(batch.payloadBytes)
        }
        var sum = Checksum()
        bytes.withUnsafeBytes { sum.add($0) }
        put(sum.value)
        return bytes
    }

    private static func decoded(_ bytes: UnsafeRawBufferPointer, number: UInt64) -> SegmentSummary? {
        let end = bytes.count - sumBytes
        var sum = Checksum()
        sum.add(UnsafeRawBufferPointer(rebasing: bytes[..<end]))
        guard UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: end, as: UInt32.self)) == sum.value else {
            return nil
        }
        func load<Value: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, _: Value.Type) -> Value {
            Value(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Value.self))
        }
        guard load(0, UInt64.self) == magic, load(8, Int64.self) <= Schema.segment.version,
            load(16, UInt64.self) == number
        else { return nil }
        let totals = SegmentTotals(
            batches: load(24, Int64.self), events: load(32, Int64.self), quarantined: load(40, Int64.self),
            payloadBytes: load(48, Int64.self))
        let streams = load(56, UInt64.self)
        // Whatever the head claims, there is only what the file has room for.
        guard streams <= UInt64(end / 8), totals.batches >= 0, totals.batches <= Int64(end / batchBytes) else {
            return nil
        }
        var summary = SegmentSummary(number: number)
        var offset = headBytes
        for _ in 0..<streams {
            guard offset + 8 <= end else { return nil }
            let (name, source) = (Int(load(offset, UInt32.self)), Int(load(offset + 4, UInt32.self)))
            offset += 8
            guard name <= end - offset, source <= end - offset - name else { return nil }
            summary.add(
                StreamSender(
                    name: String(decoding: bytes[offset..<offset + name], as: UTF8.self),
                    source: String(decoding: bytes[offset + name..<offset + name + source], as: UTF8.self)))
            offset += name + source
        }
        guard end - offset == Int(totals.batches) * batchBytes else { return nil }
        for _ in 0..<totals.batches {
            summary.add(
                receivedAt: load(offset, Int64.self), stream: Int64(load(offset + 8, UInt32.self)),
                events: Int64(load(offset + 12, UInt32.self)), payloadBytes: Int64(load(offset + 16, UInt32.self)))
            offset += batchBytes
        }
        return summary.seal(totals) ? summary : nil
    }
}
