import TestSupport
import Testing

@testable import Store

struct DuplicateWindowTests {
    /// How fingerprints collide in the index: how many homes and tags there are.
    struct Collisions: CustomTestStringConvertible, Sendable {
        let homes: Int
        let tags: Int
        var testDescription: String { "\(homes) homes, \(tags) tags" }
    }

    @Test(
        arguments: [
            Collisions(homes: 1 << 30, tags: 1 << 30), Collisions(homes: 40, tags: 2), Collisions(homes: 3, tags: 1),
            Collisions(homes: 1, tags: 1 << 30), Collisions(homes: 1, tags: 1),
        ], [1 as UInt64, 2, 3])
    func doesWhatAPlainArrayDoes(collisions: Collisions, seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let age: Int64 = 40
        let window = try DuplicateWindow(bytes: 0, age: age)
        #expect(window.capacity == 192)
        var model = WindowModel(capacity: window.capacity, age: age)
        let pool = (0..<window.capacity * 3).map { _ in
            // Homes before and after the index's end, so that clusters reach around it.
            let high = UInt64(truncatingIfNeeded: generator.below(collisions.homes) - 2) & 0xff_ffff_ffff
            let low = UInt64(generator.below(collisions.tags))
            return Fingerprint(high | generator.next() << 40, low | generator.next() << 40)
        }
        var time: Int64 = 1000
        window.advance(to: time)
        model.advance(to: time)
        // First what is restored, then what comes.
        var past = time
        for _ in 0..<generator.below(2 * window.capacity) {
            past = max(time - age, past - Int64(generator.below(2)))
            let fingerprint = pool[generator.below(pool.count)]
            #expect(
                window.insertOldest(fingerprint, time: past) == model.insertOldest(fingerprint, time: past),
                "seed \(seed)")
        }
        for step in 0..<200 {
            let hint: Comment = "seed \(seed), step \(step)"
            // Sometimes a long silence, sometimes none, sometimes a clock set back.
            if generator.once(in: 3) { time += Int64(generator.below(generator.once(in: 20) ? 100 : 6)) - 1 }
            model.advance(to: time)
            window.advance(to: time)
            #expect(window.count == model.known.count, hint)
            let mark = window.mark
            let modelMark = model.next
            for _ in 0..<generator.below(generator.once(in: 30) ? 400 : 30) {
                let fingerprint = pool[generator.below(pool.count)]
                #expect(window.insert(fingerprint) == model.insert(fingerprint), hint)
            }
            if generator.once(in: 4) {
                window.rollBack(to: mark)
                model.rollBack(to: modelMark)
            }
            #expect(window.count == model.known.count, hint)
            for _ in 0..<30 {
                let fingerprint = pool[generator.below(pool.count)]
                #expect(window.contains(fingerprint) == model.contains(fingerprint), hint)
            }
            let lost = step % 8 == 0 ? model.known.count { !window.contains($0.fingerprint) } : 0
            #expect(lost == 0, hint)
        }
        let seen = model.counts
        #expect(seen.refused > 0 && seen.rolledBack > 0 && seen.expired > 0 && seen.evicted > 0, "seed \(seed)")
    }

    /// An age is kept to a thousandth, however many events come.
    @Test
    func rememberedForTheAgeAndHardlyLonger() throws {
        let age: Int64 = 1_000_000_000
        let window = try DuplicateWindow(bytes: 1 << 20, age: age)
        var generator = SeededGenerator(seed: 5)
        var inserted: [(Fingerprint, Int64)] = []
        var time: Int64 = 1_700_000_000_000_000_000
        for _ in 0..<10_000 {
            time += Int64(generator.below(400_000))
            window.advance(to: time)
            let fingerprint = Fingerprint(generator.next(), generator.next())
            #expect(window.insert(fingerprint))
            inserted.append((fingerprint, time))
        }
        var (young, old) = (0, 0)
        for (fingerprint, then) in inserted {
            if time - then < age {
                #expect(window.contains(fingerprint))
                young += 1
            } else if time - then > age + age / 500 {
                #expect(!window.contains(fingerprint))
                old += 1
            }
        }
        #expect(young > 4000 && old > 4000)
    }

    /// The bytes hold: ring and index together, whatever is asked for.
    @Test(arguments: [0, 4096, 5000, 100_000, 1 << 20, 3 << 20, 64 << 20, 100_000_000])
    func takesNoMoreThanItsBytes(bytes: Int) throws {
        let window = try DuplicateWindow(bytes: bytes, age: 1)
        let room = max(bytes, DuplicateWindow.byteRange.lowerBound)
        // At 3 of 4 slots filled, 16 bytes and 4 / 0.75 for each; an odd size fits an index of half the slots.
        #expect(window.capacity * 16 < room)
        #expect(window.capacity > room / 40)
        if bytes == 64 << 20 { #expect(window.capacity == 3 << 20) }
    }
}

/// What a window should remember, in a plain array, oldest first.
private struct WindowModel {
    struct Entry {
        let fingerprint: Fingerprint
        let time: Int64
        let number: Int
    }

    let capacity: Int
    let age: Int64
    var now: Int64 = 0
    var known: [Entry] = []
    var next = 0
    var counts = (refused: 0, rolledBack: 0, expired: 0, evicted: 0)

    init(capacity: Int, age: Int64) {
        self.capacity = capacity
        self.age = age
    }

    func contains(_ fingerprint: Fingerprint) -> Bool { known.contains { $0.fingerprint == fingerprint } }

    mutating func advance(to time: Int64) {
        now = max(now, time)
        let before = known.count
        known.removeAll { now - $0.time > age }
        counts.expired += before - known.count
    }

    mutating func insert(_ fingerprint: Fingerprint) -> Bool {
        guard !contains(fingerprint) else {
            counts.refused += 1
            return false
        }
        if known.count == capacity {
            known.removeFirst()
            counts.evicted += 1
        }
        known.append(Entry(fingerprint: fingerprint, time: now, number: next))
        next += 1
        return true
    }

    mutating func insertOldest(_ fingerprint: Fingerprint, time: Int64) -> Bool {
        guard known.count < capacity, !contains(fingerprint) else { return false }
        known.insert(Entry(fingerprint: fingerprint, time: time, number: -1), at: 0)
        return true
    }

    mutating func rollBack(to number: Int) {
        let before = known.count
        known.removeAll { $0.number >= number }
        counts.rolledBack += before - known.count
        // What had to go for it stays away.
    }
}
