import Testing

@testable import Console

@Suite struct AnswerCacheTests {
    @Test func answersAreKeptForASecondAndAreBounded() {
        var limits = ConsoleLimits()
        limits.cachedAnswers = 2
        var cache = AnswerCache(limits: limits)
        cache.keep([1], for: "a", now: 0)
        #expect(cache.answer("a", now: 999_999_999) == [1] && cache.answer("a", now: 1_000_000_000) == nil)
        cache.keep([2], for: "b", now: 1)
        cache.keep([3], for: "c", now: 2)
        #expect(cache.answer("a", now: 3) == nil, "the oldest goes")
        #expect(cache.answer("b", now: 3) == [2] && cache.answer("c", now: 3) == [3])
    }
}
