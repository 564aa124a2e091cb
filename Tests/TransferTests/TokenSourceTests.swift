import Secrets
import TestSupport
import Testing
import Transfer

/// Tokens are fetched once, early enough, and no more often than is good for the one who gives them.
@Suite(.timeLimit(.minutes(1))) struct TokenSourceTests {
    private struct Failure: Error, Equatable {
        let text: String
    }

    private let now = Changeable<Int64>(0)
    private let fetches = Recorder<Int64>()
    private let isBroken = Changeable(false)

    private func source(lifetime: Int64 = 1000) -> TokenSource<Failure> {
        let (now, fetches, isBroken) = (now, fetches, isBroken)
        return TokenSource(interval: 10, monotonic: { now.value }, stopped: Failure(text: "stopped")) {
            fetches.record(now.value)
            if isBroken.value { return .failure(Failure(text: "broken")) }
            return .success(.init(value: Secret("token-\(fetches.values.count)"), lifetime: lifetime))
        }
    }

    @Test func manyWhoNeedItShareOneFetch() async throws {
        let source = source()
        let tokens = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<50 { group.addTask { try await source.token().value.value } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(tokens == ["token-1"])
        #expect(fetches.values.count == 1)
    }

    @Test func itIsFetchedAgainAtFourFifthsOfItsLife() async throws {
        let source = source()
        _ = try await source.token()
        now.value = 799
        #expect(try await source.token().value.value == "token-1")
        now.value = 800
        #expect(try await source.token().value.value == "token-2")
    }

    @Test func theOldOneIsUsedToItsEndAndFailuresAreSpaced() async throws {
        let source = source()
        _ = try await source.token()
        isBroken.value = true
        for time in stride(from: Int64(800), to: 1000, by: 1) {
            now.value = time
            #expect(try await source.token().value.value == "token-1")
        }
        #expect(fetches.values.count == 1 + 20)
        now.value = 1000
        await #expect(throws: Failure(text: "broken")) { try await source.token() }
        isBroken.value = false
        now.value = 1010
        #expect(try await source.token().value.value.hasPrefix("token-"))
    }

    @Test func aFreshTokenIsNotDiscarded() async throws {
        let source = source()
        let first = try await source.token()
        #expect(!source.discard(first))
        now.value = 10
        #expect(source.discard(first))
        let second = try await source.token()
        #expect(second.value.value == "token-2")
        // Late news about a token that is gone.
        #expect(source.discard(first))
        #expect(try await source.token().number == second.number)
    }

    @Test func renewalFetchesAtOnceAndKeepsTheOldOneUntilItSucceeds() async throws {
        let source = source()
        _ = try await source.token()
        isBroken.value = true
        now.value = 1
        source.renew()
        #expect(try await source.token().value.value == "token-1")
        #expect(fetches.values == [0, 1])
        isBroken.value = false
        source.renew()
        #expect(try await source.token().value.value == "token-3")
    }

    @Test func afterTheShutdownNothingIsFetched() async throws {
        let source = source()
        await source.shutdown()
        await #expect(throws: Failure(text: "stopped")) { try await source.token() }
        #expect(fetches.values.isEmpty)
    }
}
