import Testing

@testable import Planning

@Suite struct RetryBudgetTests {
    private static let second: Int64 = 1_000_000_000

    private func takeAll(_ budget: inout RetryBudget, now: Int64) -> Int {
        var taken = 0
        while budget.take(now: now) { taken += 1 }
        return taken
    }

    @Test func retriesAreAShareOfSuccesses() {
        var budget = RetryBudget(now: 0)
        #expect(takeAll(&budget, now: 0) == 10)
        for _ in 0..<20 { budget.succeeded() }
        #expect(takeAll(&budget, now: 0) == 4)
    }

    @Test func aTrickleNeedsNoSuccess() {
        var budget = RetryBudget(now: 0)
        _ = takeAll(&budget, now: 0)
        let at = budget.nextAt(now: 0)
        #expect(abs(at - 2 * Self.second) < Self.second / 100)
        let early = budget.take(now: at - Self.second / 10)
        let then = budget.take(now: at)
        #expect(!early && then)
    }

    @Test func nobodySavesUpForEver() {
        var budget = RetryBudget(now: 0)
        for _ in 0..<1_000_000 { budget.succeeded() }
        #expect(takeAll(&budget, now: .max) == 10)
    }
}
