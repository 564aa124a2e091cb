/// The newest failures of an event, as one text of the ledger: a line a failure, its fields separated by tabs.
enum FailureHistory {
    /// Failures that are kept, the newest.
    static let maximumFailures = 20
    /// Characters that are kept of a message.
    static let maximumMessage = 500

    static func encode(_ failures: [AttemptFailure]) -> String {
        failures.suffix(maximumFailures).map { failure in
            "\(failure.at)\t\(clean(failure.code))\t\(clean(failure.message))"
        }.joined(separator: "\n")
    }

    static func decode(_ text: String) -> [AttemptFailure] {
        text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: "\t", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3, let time = Int64(fields[0]), time.magnitude < 1 << 62
            else { return nil }
            return AttemptFailure(at: time, code: String(fields[1]), message: String(fields[2]))
        }
    }

    private static func clean(_ text: String) -> String {
        String(text.prefix(maximumMessage).map { $0.isNewline || $0 == "\t" ? " " : $0 })
    }
}
