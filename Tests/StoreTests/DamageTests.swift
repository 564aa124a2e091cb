import TestSupport
import Testing

@testable import Store

/// Damaged segments: nothing wrong is ever returned, what is missing is said, and what is whole comes back.
struct DamageTests {
    @Test(arguments: [true, false])
    func undamagedCopiesAreRead(sealed: Bool) async throws {
        let seed: UInt64 = 41
        var generator = SeededGenerator(seed: seed)
        let image = try await SpoolImage(batches: 8, sealed: sealed, using: &generator)
        let reader = try SpoolReader(layout: image.layout)
        try await expect(image, reader, lost: [], "seed \(seed)")
        #expect(await reader.isSalvaged(image.first) == false)
    }

    @Test(arguments: [true, false])
    func aFlippedByteInAPayloadCostsExactlyThatBatch(sealed: Bool) async throws {
        let seed: UInt64 = 42
        var generator = SeededGenerator(seed: seed)
        let original = try await SpoolImage(batches: 10, sealed: sealed, using: &generator)
        // The last transaction of an unsealed log can not be told from one that a power failure has torn.
        for victim in 0..<(sealed ? 10 : 9) {
            let image = try original.copied()
            let payload = image.records[victim].payload
            try image.change(image.logPath) { log in
                // The end of a payload is written once; the page with its start is written again with its neighbours.
                let place = log.lastRange(of: payload.suffix(64))
                #expect(place != nil)
                if let place { log[place.lowerBound + 20] ^= 0x10 }
            }
            let reader = try SpoolReader(layout: image.layout)
            try await expect(image, reader, lost: [Int64(victim + 1)], "seed \(seed), victim \(victim)")
            #expect(await reader.isSalvaged(image.first))
        }
    }

    @Test(arguments: [(51, true), (52, true), (53, false), (54, false)] as [(UInt64, Bool)])
    func flippedBytesAnywhereInTheLog(seed: UInt64, sealed: Bool) async throws {
        var generator = SeededGenerator(seed: seed)
        let original = try await SpoolImage(batches: 12, sealed: sealed, using: &generator)
        for round in 0..<30 {
            let image = try original.copied()
            try image.change(image.logPath) { log in
                for _ in 0..<(1 + generator.below(3)) {
                    log[generator.below(log.count)] ^= UInt8(1 + generator.below(255))
                }
            }
            try await expectNothingWrong(image, sealed: sealed, "seed \(seed), round \(round)")
        }
    }

    @Test(arguments: [true, false])
    func aFlippedByteInTheLogsHeaderCostsNothing(sealed: Bool) async throws {
        let seed: UInt64 = 61
        var generator = SeededGenerator(seed: seed)
        let original = try await SpoolImage(batches: 6, sealed: sealed, using: &generator)
        for byte in 0..<WriteAheadLog.headerBytes {
            let image = try original.copied()
            try image.change(image.logPath) { $0[byte] ^= 0x41 }
            try await expect(image, SpoolReader(layout: image.layout), lost: [], "seed \(seed), byte \(byte)")
        }
    }

    @Test
    func aFlippedByteInTheDatabaseHeaderCostsNothing() async throws {
        let seed: UInt64 = 70
        var generator = SeededGenerator(seed: seed)
        let original = try await SpoolImage(batches: 3, sealed: true, using: &generator)
        let start = Array("SQLite format 3".utf8)
        for offset in 0..<100 {
            let image = try original.copied()
            try image.change(image.logPath) { log in
                let place = log.lastRange(of: start[...])
                #expect(place != nil)
                if let place { log[place.lowerBound + offset] ^= UInt8(1 + generator.below(255)) }
            }
            try await expect(image, SpoolReader(layout: image.layout), lost: [], "seed \(seed), offset \(offset)")
        }
    }

    @Test
    func aFlippedByteInTheSchemaIsReportedAndStopsNothing() async throws {
        let seed: UInt64 = 72
        var generator = SeededGenerator(seed: seed)
        let original = try await SpoolImage(batches: 3, sealed: true, using: &generator)
        for text in ["sealed_at", "batches INTEGER", "event_index", "CREATE TABLE stream", "opened_at", "STRICT"] {
            let image = try original.copied()
            try image.change(image.logPath) { log in
                let place = log.lastRange(of: Array(text.utf8)[...])
                #expect(place != nil)
                if let place { log[place.lowerBound] ^= 2 }
            }
            try await expectNothingWrong(image, sealed: true, "seed \(seed), “\(text)”")
        }
    }

    @Test
    func aFlippedByteInAFrameHeader() async throws {
        let seed: UInt64 = 62
        var generator = SeededGenerator(seed: seed)
        let original = try await SpoolImage(batches: 8, sealed: true, using: &generator)
        let stride = WriteAheadLog.frameHeaderBytes + SegmentLimits.standard.pageBytes
        let frames = try TemporaryDirectory.bytes(original.logPath).count / stride
        for round in 0..<48 {
            let image = try original.copied()
            let offset = WriteAheadLog.headerBytes + generator.below(frames) * stride + round % 24
            try image.change(image.logPath) { $0[offset] ^= UInt8(1 + generator.below(255)) }
            try await expectNothingWrong(image, sealed: true, "seed \(seed), round \(round), offset \(offset)")
        }
    }

    @Test
    func damageInTheMainFileCostsNothingForEverythingIsInTheLog() async throws {
        let seed: UInt64 = 63
        var generator = SeededGenerator(seed: seed)
        let original = try await SpoolImage(batches: 5, sealed: true, using: &generator)
        for round in 0..<60 {
            let image = try original.copied()
            let offset = round < 40 ? round : generator.below(SegmentLimits.standard.pageBytes)
            try image.change(image.layout.segmentPath(image.first)) { $0[offset] ^= UInt8(1 + generator.below(255)) }
            try await expect(image, SpoolReader(layout: image.layout), lost: [], "seed \(seed), offset \(offset)")
        }
        for bytes in [0, 1, 100, 4096] {
            let image = try original.copied()
            try image.change(image.layout.segmentPath(image.first)) { $0.removeLast($0.count - bytes) }
            try await expect(image, SpoolReader(layout: image.layout), lost: [], "cut to \(bytes)")
        }
    }

    @Test
    func aTruncatedLogGivesWhatIsBeforeTheCut() async throws {
        let seed: UInt64 = 64
        var generator = SeededGenerator(seed: seed)
        let original = try await SpoolImage(batches: 10, sealed: true, using: &generator)
        for round in 0..<25 {
            let image = try original.copied()
            try image.change(image.logPath) { $0.removeLast(generator.below($0.count)) }
            let drain = try await Drain(SpoolReader(layout: image.layout))
            let own = drain.batches.filter { $0.segment == image.first }
            // That something is missing is not to be seen: a crash leaves the same file.
            #expect(own.map(\.id) == Array(1...10).prefix(own.count).map(Int64.init), "seed \(seed), round \(round)")
            #expect(zip(own, image.records).allSatisfy { $0.holds($1) }, "seed \(seed), round \(round)")
            #expect(drain.batches.last?.holds(image.last) == true, "seed \(seed), round \(round)")
        }
    }

    @Test
    func aTornLastTransactionIsNoDamage() async throws {
        let seed: UInt64 = 65
        var generator = SeededGenerator(seed: seed)
        let image = try await SpoolImage(batches: 10, sealed: false, using: &generator)
        // A power failure: the commit frame reached the disk, a page before it did not.
        let payload = image.records[9].payload
        try image.change(image.logPath) { log in
            if let place = log.lastRange(of: payload.suffix(64)) {
                log.replaceSubrange(place, with: [UInt8](repeating: 0, count: place.count))
            }
        }
        let reader = try SpoolReader(layout: image.layout)
        let drain = try await Drain(reader)
        #expect(drain.batches.dropLast().map(\.id) == Array(1...9))
        #expect(drain.damaged.isEmpty)
        #expect(await reader.isSalvaged(image.first) == false)
    }

    @Test(arguments: [[], Array("This is no database, but somebody gave it the name of one.\n".utf8)] as [[UInt8]])
    func aStrangerNamedLikeASegmentStopsNothing(contents: [UInt8]) async throws {
        let seed: UInt64 = 66
        var generator = SeededGenerator(seed: seed)
        let image = try await SpoolImage(batches: 3, sealed: true, using: &generator)
        try TemporaryDirectory.write(contents, to: image.layout.segmentPath(5))
        let reader = try SpoolReader(layout: image.layout)
        let drain = try await Drain(reader)
        #expect(drain.batches.count == 4)
        #expect(drain.damaged.map(\.segment) == (contents.isEmpty ? [] : [5]))
        #expect(drain.finished.keys.contains(5))
        try await reader.remove(segment: 5, damaged: !drain.damaged.isEmpty)
        #expect(try await reader.segmentNumbers() == [image.first, image.second])
        #expect(try SpoolInspector(layout: image.layout).status().unreadable.isEmpty)
    }

    @Test
    func aDamagedSegmentIsMovedAsideNotRemoved() async throws {
        let seed: UInt64 = 67
        var generator = SeededGenerator(seed: seed)
        let image = try await SpoolImage(batches: 5, sealed: true, using: &generator)
        try image.change(image.logPath) { $0[$0.count / 2] ^= 1 }
        let log = try TemporaryDirectory.bytes(image.logPath)
        let reader = try SpoolReader(layout: image.layout)
        _ = try await Drain(reader)
        try await reader.remove(segment: image.first, damaged: true)
        #expect(try await reader.segmentNumbers() == [image.second])
        let moved = image.layout.damagedDirectory + "/" + SpoolLayout.fileName(image.first)
        #expect(TemporaryDirectory.exists(moved))
        #expect(try TemporaryDirectory.bytes(moved + "-wal") == log)
        #expect(try Directory.names(image.layout.salvageDirectory).isEmpty)
        // Again, as after a crash between the move and the ledger's note of it.
        try await reader.remove(segment: image.first, damaged: true)
    }

    @Test(arguments: [true, false])
    func ingestStartsOnADamagedNewestSegment(sealed: Bool) async throws {
        let seed: UInt64 = 68
        var generator = SeededGenerator(seed: seed)
        let original = try await SpoolImage(batches: 8, sealed: sealed, using: &generator)
        for round in 0..<20 {
            let image = try original.copied()
            try image.layout.unlinkSegment(image.second)
            try image.change(round % 4 == 3 ? image.layout.segmentPath(image.first) : image.logPath) { bytes in
                if round == 0 { return bytes.removeAll() }
                bytes[generator.below(min(bytes.count, round % 2 == 0 ? 60 : .max))] ^= UInt8(1 + generator.below(255))
            }
            let writer = try SegmentWriter.open(layout: image.layout, now: TestClock().now)
            try await writer.append(image.last).committed()
            await writer.shutdown()
            // Sealing must not have overwritten anything.
            if round > 0 { try await expectNothingWrong(image, sealed: sealed, "seed \(seed), round \(round)") }
        }
    }

    @Test
    func aDamagedQuarantinedEventIsNamed() async throws {
        let seed: UInt64 = 69
        let directory = try TemporaryDirectory()
        let layout = SpoolLayout(root: directory.path + "/spool")
        var generator = SeededGenerator(seed: seed)
        let stream = Batches.stream(1, using: &generator)
        let writer = try SegmentWriter.open(layout: layout, now: TestClock().now)
        for number in 0..<6 {
            let quarantined = [0, 100].map {
                QuarantineRecord(offset: $0, length: 100, reason: "r", detail: "d\(number)", eventID: [UInt8(number)])
            }
            try await writer.append(
                BatchRecord(
                    stream: stream, receivedAt: 1, payload: Batches.bytes(300, using: &generator), index: [200, 100],
                    quarantined: quarantined)
            ).committed()
        }
        await writer.shutdown()
        let number = try layout.segmentNumbers()[0]
        let connection = try SegmentFile.openForSealing(path: layout.segmentPath(number))
        try connection.execute("UPDATE quarantine SET detail = 'D1' WHERE id = 3")
        try connection.execute("DELETE FROM quarantine WHERE id IN (6, 12)")
        try connection.execute("UPDATE batch SET payload = zeroblob(300) WHERE id = 5")
        connection.close()
        let reader = try SpoolReader(layout: layout)
        var rows: [Int64] = []
        var damaged = 0
        var last: Int64 = 0
        while true {
            let page = try await reader.quarantined(segment: number, after: last, limit: 5)
            guard page.last > last else { break }
            last = page.last
            rows += page.events.map(\.row)
            damaged += page.damaged.count
            #expect(page.events.allSatisfy { $0.stream == stream.record && $0.bytes.count == 100 })
        }
        #expect(rows == [1, 2, 4, 5, 7, 8, 11])
        #expect(damaged == 5)
    }

    // MARK: -

    /// Exactly the batches in `lost` are reported as damaged, all others come back.
    private func expect(
        _ image: SpoolImage, _ reader: SpoolReader, lost: Set<Int64>, _ hint: Comment
    ) async throws {
        let drain = try await Drain(reader)
        #expect(drain.damaged.map(\.id) == lost.sorted(), hint)
        #expect(drain.damaged.allSatisfy { $0.segment == image.first }, hint)
        let own = drain.batches.filter { $0.segment == image.first }
        #expect(own.map(\.id) == (1...Int64(image.records.count)).filter { !lost.contains($0) }, hint)
        #expect(own.allSatisfy { $0.holds(image.records[Int($0.id) - 1]) }, hint)
        #expect(drain.batches.last?.holds(image.last) == true, hint)
        if let stream = own.first?.stream {
            #expect(try await reader.stream(stream, segment: image.first)?.record == image.stream.record, hint)
        }
    }

    /// Whatever is returned is what was written, what is not is reported, and the segment after it is read.
    private func expectNothingWrong(_ image: SpoolImage, sealed: Bool, _ hint: Comment) async throws {
        let drain = try await Drain(SpoolReader(layout: image.layout))
        let own = drain.batches.filter { $0.segment == image.first }
        #expect(own.allSatisfy { image.records.indices.contains(Int($0.id) - 1) }, hint)
        #expect(own.allSatisfy { $0.holds(image.records[Int($0.id) - 1]) }, hint)
        #expect(own.map(\.id) == own.map(\.id).sorted() && Set(own.map(\.id)).count == own.count, hint)
        let known = Set(own.map(\.id) + drain.damaged.filter { $0.segment == image.first }.map(\.id))
        // See above: the last transaction of an unsealed log is never acknowledged for sure.
        let newest = Int64(image.records.count) - (sealed ? 0 : 1)
        let missing = (1...newest).filter { !known.contains($0) }
        #expect(missing.isEmpty || known.contains(0), "\(hint): \(missing) are neither returned nor reported")
        #expect(drain.batches.last?.holds(image.last) == true, hint)
    }
}
