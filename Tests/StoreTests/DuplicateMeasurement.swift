import Foundation
import TestSupport
import Testing

@testable import Store

/// What recognising duplicates costs. Not a test of the plain run: in a release build,
///
///     GATEWAY_MEASURE=1 GATEWAY_ROOMS=core swift test -c release -Xswiftc -enable-testing --filter DuplicateMeasurement
@Suite(.enabled(if: ProcessInfo.processInfo.environment["GATEWAY_MEASURE"] != nil), .serialized)
struct DuplicateMeasurement {
    private static let eventBytes = 600
    private static let eventsOfBatch = 1000
    private static let idBytes = 36

    @Test
    func aFullWindow() throws {
        let before = Self.residentBytes()
        let window = try DuplicateWindow(bytes: 64 << 20, age: DuplicateDetection.standardAge)
        let filter = DuplicateFilter(window: window)
        var generator = SeededGenerator(seed: 1)
        func batch(_ fingerprints: [UInt64]) -> BatchRecord {
            BatchRecord(
                stream: Self.stream, receivedAt: 0, payload: [],
                index: [UInt32](repeating: 0, count: fingerprints.count), fingerprints: fingerprints)
        }
        func new(_ events: Int) -> [BatchRecord] {
            (0..<(events / Self.eventsOfBatch)).map { _ in
                batch((0..<(2 * Self.eventsOfBatch)).map { _ in generator.next() })
            }
        }
        func measure(_ name: String, _ batches: [BatchRecord], duplicates: Int) {
            var found = 0
            let time = Self.processorTime {
                for batch in batches { found += filter.filter(CollectionOfOne(batch), now: 1).duplicateCount }
            }
            let events = batches.reduce(0) { $0 + $1.eventCount }
            print("\(name): \(time * 1e9 / Double(events)) ns of processor time an event")
            #expect(found == duplicates)
        }
        _ = filter.filter(new(1000), now: 1)
        print("after 1000 events: \((Self.residentBytes() - before) >> 10) KiB resident")
        measure("filling", new(window.capacity), duplicates: 0)
        print("full: \((Self.residentBytes() - before) >> 10) KiB resident")
        let fresh = new(window.capacity / 2)
        measure("full, new events (looked up, oldest forgotten, inserted)", fresh, duplicates: 0)
        var known = fresh.flatMap { batch in
            stride(from: 0, to: batch.fingerprints.count, by: 2).map {
                (batch.fingerprints[$0], batch.fingerprints[$0 + 1])
            }
        }
        known.shuffle(using: &generator)
        let again = stride(from: 0, to: known.count, by: Self.eventsOfBatch).map { first in
            batch(known[first..<(first + Self.eventsOfBatch)].flatMap { [$0.0, $0.1] })
        }
        measure("full, events that come again in any order", again, duplicates: known.count)
        let absent = new(1_000_000).flatMap(\.fingerprints)
        var found = 0
        let time = Self.processorTime {
            for event in stride(from: 0, to: absent.count, by: 2)
            where window.contains(Fingerprint(absent[event], absent[event + 1])) { found += 1 }
        }
        print("full, one lookup that finds nothing, not foreseen: \(time * 2e9 / Double(absent.count)) ns")
        #expect(found == 0)
    }

    @Test
    func restoringAFullWindow() async throws {
        let directory = try TemporaryDirectory()
        let layout = SpoolLayout(root: directory.path + "/spool")
        let clock = TestClock()
        let window = try DuplicateWindow(bytes: 64 << 20, age: 1)
        // A tenth more than the window takes.
        let batches = window.capacity / Self.eventsOfBatch * 11 / 10
        _ = try await write(batches, to: layout, clock, detection: nil)
        for name in ["as written", "again"] {
            let log = ObserverLog()
            let before = Self.processorTime()
            let writer = try SegmentWriter.open(
                layout: layout, duplicates: Self.detection, now: clock.now, observer: log.observer)
            let restored = try #require(log.entries.restored.first)
            print(
                "restoring (\(name)): \(restored.events) events of \(restored.segments) segments in "
                    + "\(restored.nanoseconds / 1_000_000) ms, \(Self.processorTime() - before) s of processor time")
            #expect(restored.events == restored.capacity && restored.problems == [])
            await writer.shutdown()
        }
    }

    @Test
    func writing() async throws {
        let directory = try TemporaryDirectory()
        for round in 0..<3 {
            for isDetecting in [false, true] {
                let layout = SpoolLayout(root: directory.path + "/\(round)-\(isDetecting)")
                let (rate, each) = try await write(
                    500, to: layout, TestClock(), detection: isDetecting ? Self.detection : nil)
                print(
                    """
                    writing \(isDetecting ? "with" : "without") detection: \(Int(rate)) events/s, \(Int(each)) ns of \
                    processor time an event, making it included
                    """)
                try FileManager.default.removeItem(atPath: layout.root)
            }
        }
    }

    /// - Returns: events a second, and nanoseconds of processor time for each.
    private func write(
        _ batches: Int, to layout: SpoolLayout, _ clock: TestClock, detection: DuplicateDetection?
    ) async throws -> (rate: Double, each: Double) {
        let events = Double(batches * Self.eventsOfBatch)
        let writer = try SegmentWriter.open(layout: layout, duplicates: detection, now: clock.now)
        let before = Self.processorTime()
        let duration = try await ContinuousClock().measure {
            for first in stride(from: 0, to: batches, by: 16) {
                let tickets = (first..<min(batches, first + 16)).map { writer.append(Self.batch($0)) }
                for ticket in tickets { try await ticket.committed() }
            }
        }
        let each = (Self.processorTime() - before) * 1e9 / events
        await writer.shutdown()
        return (events / (duration / .seconds(1)), each)
    }

    private static let stream = Marked.stream()

    private static let detection = DuplicateDetection { stream in
        let scope = stream.client.hashValue
        return { event in
            guard event.count > idBytes else { return nil }
            return fingerprint(UnsafeRawBufferPointer(rebasing: event[..<idBytes]), scope: scope)
        }
    }

    private static func fingerprint(_ id: UnsafeRawBufferPointer, scope: Int) -> (UInt64, UInt64) {
        var hasher = Hasher()
        hasher.combine(scope)
        hasher.combine(bytes: id)
        var other = hasher
        other.combine(1 as UInt8)
        return (UInt64(bitPattern: Int64(hasher.finalize())), UInt64(bitPattern: Int64(other.finalize())))
    }

    private static func batch(_ number: Int) -> BatchRecord {
        var payload = [UInt8](repeating: 7, count: eventBytes * eventsOfBatch)
        var index: [UInt32] = []
        var fingerprints: [UInt64] = []
        let scope = stream.record.client.hashValue
        payload.withUnsafeMutableBytes { bytes in
            for event in 0..<eventsOfBatch {
                let start = event * eventBytes
                bytes.storeBytes(of: number * eventsOfBatch + event, toByteOffset: start, as: Int.self)
                index += [UInt32(start), UInt32(eventBytes)]
                let id = UnsafeRawBufferPointer(rebasing: bytes[start..<(start + idBytes)])
                let (high, low) = fingerprint(id, scope: scope)
                fingerprints += [high, low]
            }
        }
        return BatchRecord(
            stream: stream, receivedAt: 1_700_000_000_000_000_000, payload: payload, index: index,
            fingerprints: fingerprints)
    }

    /// Seconds that this process used: the machine may have other work.
    private static func processorTime(_ body: () -> Void) -> Double {
        let before = processorTime()
        body()
        return processorTime() - before
    }

    private static func processorTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func residentBytes() -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        return (Int(status.split(separator: " ").dropFirst().first ?? "") ?? 0) * 4096
    }
}
