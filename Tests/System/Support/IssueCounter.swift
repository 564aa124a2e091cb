internal import Synchronization
internal import Testing

/// Counts what the tests of these suites find, so that a workspace knows whether its test failed.
enum IssueCounter {
    private static let issues = Atomic<Int>(0)

    static var count: Int { issues.load(ordering: .relaxed) }

    static func add() { issues.wrappingAdd(1, ordering: .relaxed) }
}

extension Trait where Self == IssueHandlingTrait {
    /// Lets every issue through and counts it.
    static var countingIssues: Self {
        .compactMapIssues { issue in
            IssueCounter.add()
            return issue
        }
    }
}
