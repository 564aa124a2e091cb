/// Answers that were made a moment ago, so that many viewers cost as much as one.
struct AnswerCache: Sendable {
    private struct Entry: Sendable {
        var answer: [UInt8]
        var at: Int64
    }

    private let lifetime: Int64
    private let maximumEntries: Int
    private var entries: [String: Entry] = [:]

    init(limits: ConsoleLimits) {
        lifetime = Int64(limits.cacheTime / .nanoseconds(1))
        maximumEntries = limits.cachedAnswers
    }

    /// The answer that was made less than the lifetime ago; nil without one.
    func answer(_ key: String, now: Int64) -> [UInt8]? {
        guard let entry = entries[key], now - entry.at < lifetime else { return nil }
        return entry.answer
    }

    /// Keeps an answer. What is over goes, and then the oldest.
    mutating func keep(_ answer: [UInt8], for key: String, now: Int64) {
        entries = entries.filter { now - $0.value.at < lifetime }
        while entries.count >= maximumEntries, let oldest = entries.min(by: { $0.value.at < $1.value.at }) {
            entries[oldest.key] = nil
        }
        entries[key] = Entry(answer: answer, at: now)
    }
}
