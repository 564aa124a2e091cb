/// The limits with which a forwarder was last started, for those who read the ledger or write it while none runs.
package struct ForwarderLimits: Sendable, Hashable {
    /// Bytes that all segments may take.
    package var quotaBytes: Int64
    /// Bytes of the file system that are left free.
    package var reserveBytes: Int64
    /// What is kept of each destination's dead letters.
    package var deadLetters: DeadLetterBounds

    /// Makes limits from their parts.
    package init(quotaBytes: Int64, reserveBytes: Int64, deadLetters: DeadLetterBounds) {
        self.quotaBytes = quotaBytes
        self.reserveBytes = reserveBytes
        self.deadLetters = deadLetters
    }

    /// The names under which the numbers stand among the ledger's totals.
    private enum Name: String, CaseIterable {
        case quotaBytes = "limit_quota_bytes"
        case reserveBytes = "limit_reserve_bytes"
        case letters = "limit_dead_letters"
        case letterBytes = "limit_dead_letter_bytes"
        case letterAge = "limit_dead_letter_age"
        case letterPolicy = "limit_dead_letter_policy"
    }

    private static let policies = DeadLetterBounds.Policy.allCases

    /// Names and values as they are stored.
    var stored: [(name: String, value: Int64)] {
        let policy = Int64(Self.policies.firstIndex(of: deadLetters.policy) ?? 0)
        return [
            (Name.quotaBytes.rawValue, quotaBytes), (Name.reserveBytes.rawValue, reserveBytes),
            (Name.letters.rawValue, deadLetters.count), (Name.letterBytes.rawValue, deadLetters.bytes),
            (Name.letterAge.rawValue, deadLetters.age), (Name.letterPolicy.rawValue, policy),
        ]
    }

    /// Reads what `stored` gives; nil when something is missing or makes no sense, as before the first forwarder that wrote
    /// it.
    init?(stored values: [String: Int64]) {
        func value(_ name: Name) -> Int64? { values[name.rawValue].flatMap { $0 < 0 ? nil : $0 } }
        guard let quotaBytes = value(.quotaBytes), let reserveBytes = value(.reserveBytes),
            let letters = value(.letters),
            let bytes = value(.letterBytes), let age = value(.letterAge), let number = value(.letterPolicy),
            let policy = Self.policies.indices.contains(Int(number)) ? Self.policies[Int(number)] : nil
        else { return nil }
        self.init(
            quotaBytes: quotaBytes, reserveBytes: reserveBytes,
            deadLetters: DeadLetterBounds(count: letters, bytes: bytes, age: age, policy: policy))
    }
}
