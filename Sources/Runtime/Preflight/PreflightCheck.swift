/// What came of looking at one thing that a gateway depends on.
package struct PreflightCheck: Sendable, Hashable {
    /// How bad it is.
    package enum Verdict: String, Sendable, CaseIterable {
        /// It is as it should be.
        case ok
        /// It works, and somebody should know.
        case warning
        /// It does not work, or events are in danger.
        case problem
        /// It could not be looked at, or there is nothing to look at.
        case notChecked = "not_checked"
    }

    /// A stable name in snake case.
    package var name: String
    /// How bad it is.
    package var verdict: Verdict
    /// What was found.
    package var found: String
    /// What to do about it; empty when nothing is to be done.
    package var advice: String

    /// Makes a check from its parts.
    package init(_ name: String, _ verdict: Verdict, _ found: String, advice: String = "") {
        self.name = name
        self.verdict = verdict
        self.found = found
        self.advice = advice
    }
}
