/// How many slips of the keyboard lie between two names; for "did you mean".
package enum EditDistance {
    /// Names farther apart than this are not worth suggesting.
    package static let maximumSuggestionDistance = 2

    /// Insertions, deletions, substitutions and swaps of neighbours that lead from one text to the other, over UTF-8 bytes.
    package static func between(_ left: String, _ right: String) -> Int {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        var beforePrevious = [Int](repeating: 0, count: right.count + 1)
        var previous = Array(0...right.count)
        for row in 0..<left.count {
            var current = [row + 1]
            current.reserveCapacity(right.count + 1)
            for column in 0..<right.count {
                let substitution = previous[column] + (left[row] == right[column] ? 0 : 1)
                var best = min(previous[column + 1] + 1, current[column] + 1, substitution)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    best = min(best, beforePrevious[column - 1] + 1)
                }
                current.append(best)
            }
            (beforePrevious, previous) = (previous, current)
        }
        return previous[right.count]
    }

    /// The candidate with the smallest distance, the alphabetically first among equals; nil when all are too far.
    package static func nearest(to name: String, in candidates: some Collection<String>) -> String? {
        candidates.map { (distance: between(name, $0), name: $0) }
            .filter { $0.distance <= maximumSuggestionDistance }
            .min { ($0.distance, $0.name) < ($1.distance, $1.name) }?.name
    }
}
