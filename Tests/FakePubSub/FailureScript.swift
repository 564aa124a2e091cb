/// What the fake does to which requests. Everything random in it follows from the seed and the order of requests.
package struct FailureScript: Codable, Sendable, Equatable {
    /// A share of each failure, for a number of requests.
    package struct Step: Codable, Sendable, Equatable {
        /// Requests that it lasts.
        package var requests: Int
        /// The probability of each failure, together at most 1; the rest succeeds.
        package var mix: [String: Double]

        package init(requests: Int, mix: [Failure: Double]) {
            self.requests = requests
            self.mix = FailureScript.named(mix)
        }
    }

    package var seed: UInt64 = 1
    /// What happens once all steps are over: the probability of each failure, together at most 1.
    package var mix: [String: Double] = [:]
    /// One after the other, before `mix`.
    package var steps: [Step] = []
    /// Ids of events; a request that has one of them is refused with `INVALID_ARGUMENT`, whatever else the script says.
    package var poison: Set<String> = []
    /// Each answer comes this much later.
    package var latencyMilliseconds = 0
    /// The wait in `RetryInfo`.
    package var retryDelayMilliseconds = 100

    package init() {}

    /// A script of one mix for ever.
    package init(seed: UInt64, mix: [Failure: Double]) {
        self.seed = seed
        self.mix = Self.named(mix)
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        seed = try container.decodeIfPresent(UInt64.self, forKey: .seed) ?? seed
        mix = try container.decodeIfPresent([String: Double].self, forKey: .mix) ?? mix
        steps = try container.decodeIfPresent([Step].self, forKey: .steps) ?? steps
        poison = try container.decodeIfPresent(Set<String>.self, forKey: .poison) ?? poison
        latencyMilliseconds =
            try container.decodeIfPresent(Int.self, forKey: .latencyMilliseconds) ?? latencyMilliseconds
        retryDelayMilliseconds =
            try container.decodeIfPresent(Int.self, forKey: .retryDelayMilliseconds) ?? retryDelayMilliseconds
        if let unknown = ([mix] + steps.map(\.mix)).flatMap(\.keys).first(where: { Failure(rawValue: $0) == nil }) {
            throw DecodingError.dataCorruptedError(
                forKey: .mix, in: container,
                debugDescription: "unknown failure \(unknown); known: \(Failure.allCases.map(\.rawValue))")
        }
    }

    private static func named(_ mix: [Failure: Double]) -> [String: Double] {
        Dictionary(uniqueKeysWithValues: mix.map { ($0.key.rawValue, $0.value) })
    }
}
