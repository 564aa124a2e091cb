import Testing

@testable import Console

@Suite struct FiguresHistoryTests {
    private let second: Int64 = 1_000_000_000

    private func sample(_ seconds: Int64) -> FiguresSample {
        FiguresSample(at: seconds * second, bytesOnDisk: seconds, destinations: [:])
    }

    @Test func aDayIsKeptAndNoMore() {
        var history = FiguresHistory()
        let end: Int64 = 2 * 86_400
        for time in stride(from: Int64(5), through: end, by: 5) { history.add(sample(time)) }
        history.add(sample(end - 1))
        let day = history.samples(of: 86_400, points: 180, now: end * second)
        #expect(day.count <= 181 && day.count >= 170)
        #expect(day.last?.bytesOnDisk == end && (day.first?.at ?? 0) <= (end - 86_400 + 600) * second)
        #expect(zip(day, day.dropFirst()).allSatisfy { $0.at < $1.at })
        let quarter = history.samples(of: 900, points: 180, now: end * second)
        #expect(quarter.count == 181 || quarter.count == 180)
        #expect(quarter.map(\.bytesOnDisk) == quarter.map { $0.at / second })
        #expect(history.samples(of: 7 * 86_400, points: 100_000, now: end * second).count < 720 + 1440 + 200)
    }

    @Test func aStretchThatStandsDoesNotFlicker() {
        var history = FiguresHistory()
        for time in stride(from: Int64(5), through: 3600, by: 5) { history.add(sample(time)) }
        let before = history.samples(of: 3600, points: 120, now: 3600 * second)
        history.add(sample(3605))
        let after = history.samples(of: 3600, points: 120, now: 3605 * second)
        #expect(before.count == 121 && before.dropLast() == after.dropLast() && before.last != after.last)
    }

    @Test func withoutFiguresThereIsNothing() {
        #expect(FiguresHistory().samples(of: 900, points: 180, now: 1).isEmpty)
    }
}
