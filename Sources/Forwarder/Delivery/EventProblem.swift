/// Why an event can not be sent at all.
struct EventProblem: Sendable, Hashable {
    /// The class of reasons: `oversized`, `attributes`, `unrenderable`.
    let reason: String
    /// A stable name, in snake case.
    let code: String
    /// What is wrong, for people.
    let message: String
}
