/// When the fingerprints of a duplicate window came, without a time for each: it marks the first one of each span of
/// time. One that came is remembered for the age, and at most one span longer.
struct WindowAges {
    private struct Span {
        let time: Int64
        /// The number of its first fingerprint.
        let first: Int64
    }

    /// How many spans the age is divided into.
    private static let spansOfAge: Int64 = 1024

    private let age: Int64
    private let length: Int64
    /// Oldest first.
    private var spans: [Span] = []
    private var now: Int64 = 0

    /// More is for ever, and sums with it must not overflow (nanoseconds).
    private static let maximumAge = Int64.max / 4

    /// - Parameter age: nanoseconds; at least 1.
    init(age: Int64) {
        self.age = min(max(1, age), Self.maximumAge)
        length = max(1, self.age / Self.spansOfAge)
    }

    /// Goes on to a time.
    /// - Parameter next: the number that the next fingerprint gets.
    /// - Returns: the number of the first fingerprint that is not too old.
    mutating func advance(to now: Int64, next: Int64) -> Int64 {
        self.now = max(self.now, now)
        // A span's last fingerprint came just before its end.
        let expired = spans.prefix { self.now - $0.time >= age + length }.count
        spans.removeFirst(expired)
        let firstKept = spans.first?.first ?? next
        if spans.last.map({ self.now - $0.time >= length }) ?? true {
            spans.append(Span(time: self.now, first: next))
        }
        return firstKept
    }

    /// The fingerprint with the lowest number came at a time; one after that of an older fingerprint counts as that.
    mutating func prepend(time: Int64, number: Int64) {
        guard let oldest = spans.first, oldest.time <= time else {
            // The span ends here and reaches back from here.
            return spans.insert(Span(time: time - length + 1, first: number), at: 0)
        }
        spans[0] = Span(time: oldest.time, first: number)
    }

    /// Drops the spans that have no fingerprint at or after a number.
    mutating func forget(before number: Int64) {
        let gone = zip(spans, spans.dropFirst()).prefix { $1.first <= number }.count
        spans.removeFirst(gone)
    }
}
