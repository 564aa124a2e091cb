import Foundation
import TestSupport
import Testing

@testable import Runtime

struct TimeTests {
    @Test(arguments: [
        (Int64(0), "1970-01-01T00:00:00.000Z"), (951_782_400_000_000_000, "2000-02-29T00:00:00.000Z"),
        (1_700_000_000_123_999_999, "2023-11-14T22:13:20.123Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (Int64.max, "2262-04-11T23:47:16.854Z"), (Int64.min, "1677-09-21T00:12:43.145Z"),
    ])
    func timestampsAreFormatted(nanoseconds: Int64, expected: String) {
        #expect(RFC3339.format(nanoseconds) == expected)
    }

    @Test func fractionsAreCut() {
        #expect(RFC3339.format(1_999_999_999, fraction: .seconds) == "1970-01-01T00:00:01Z")
        #expect(RFC3339.format(1_999_999_999, fraction: .microseconds) == "1970-01-01T00:00:01.999999Z")
        #expect(RFC3339.format(1_000_000_009, fraction: .nanoseconds) == "1970-01-01T00:00:01.000000009Z")
    }

    @Test func theTextsAreThoseOfFoundation() throws {
        var generator = SeededGenerator(seed: 42)
        let formatter = ISO8601DateFormatter()
        for _ in 0..<2_000 {
            let seconds = Int64.random(in: -9_000_000_000...9_000_000_000, using: &generator)
            let date = Date(timeIntervalSince1970: Double(seconds))
            let text = RFC3339.format(seconds * 1_000_000_000, fraction: .seconds)
            #expect(text == formatter.string(from: date), "seed 42, \(seconds)")
        }
    }

    @Test func theWallClockIsTheSystemClock() {
        let before = Date().timeIntervalSince1970
        let now = Double(WallClock.now()) / 1e9
        let after = Date().timeIntervalSince1970
        #expect(now >= before - 0.001 && now <= after + 0.001)
        let first = WallClock.monotonic()
        #expect(WallClock.monotonic() >= first)
    }
}
