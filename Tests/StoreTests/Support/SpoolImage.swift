import TestSupport

@testable import Store

/// A spool of two segments to do damage to: the first has one transaction a batch, the second one batch.
///
/// Files are copied without their `-shm`, so that whoever opens the copy must recover from the log itself.
struct SpoolImage {
    let directory: TemporaryDirectory
    let layout: SpoolLayout
    let stream: StreamHandle
    /// The batches of the first segment, by number.
    let records: [BatchRecord]
    /// The one batch of the second segment.
    let last: BatchRecord
    let first: UInt64
    let second: UInt64

    /// - Parameter sealed: whether the first segment has its seal, as after a shutdown, or none, as after a crash.
    init(batches: Int, sealed: Bool, using generator: inout SeededGenerator) async throws {
        directory = try TemporaryDirectory()
        let source = SpoolLayout(root: directory.path + "/source")
        layout = SpoolLayout(root: directory.path + "/spool")
        try layout.create()
        stream = Batches.stream(1, using: &generator)
        let clock = TestClock()
        let writer = try SegmentWriter.open(layout: source, now: clock.now)
        var records: [BatchRecord] = []
        for number in 0..<batches {
            let payload = [UInt8(number)] + Batches.bytes(2000 + generator.below(30_000), using: &generator)
            records.append(Batches.single(stream, payload, receivedAt: Int64(number)))
            try await writer.append(records[number]).committed()
        }
        self.records = records
        let numbers = try source.segmentNumbers()
        first = numbers[0]
        if !sealed { try Self.copy(first, from: source, to: layout) }
        await writer.shutdown()
        if sealed { try Self.copy(first, from: source, to: layout) }
        last = Batches.single(stream, [255])
        let next = try SegmentWriter.open(layout: source, now: clock.now)
        try await next.append(last).committed()
        await next.shutdown()
        second = try source.segmentNumbers()[1]
        try Self.copy(second, from: source, to: layout)
    }

    private init(copying image: SpoolImage) throws {
        directory = try TemporaryDirectory()
        layout = SpoolLayout(root: directory.path + "/spool")
        (stream, records, last, first, second) = (image.stream, image.records, image.last, image.first, image.second)
        try layout.create()
        for number in [first, second] { try Self.copy(number, from: image.layout, to: layout) }
    }

    /// Another spool with the same segments.
    func copied() throws -> SpoolImage { try SpoolImage(copying: self) }

    var logPath: String { layout.segmentPath(first) + "-wal" }

    /// Changes one file of the first segment.
    func change(_ path: String, _ body: (inout [UInt8]) -> Void) throws {
        var bytes = try TemporaryDirectory.bytes(path)
        body(&bytes)
        try TemporaryDirectory.write(bytes, to: path)
    }

    static func copy(_ number: UInt64, from source: SpoolLayout, to target: SpoolLayout) throws {
        // The log first, as a crash leaves it: a segment that is being created has its header before its log.
        for suffix in ["-wal", ""] {
            try TemporaryDirectory.copy(source.segmentPath(number) + suffix, to: target.segmentPath(number) + suffix)
        }
    }
}
