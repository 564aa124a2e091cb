/// What a diagnosis comes to. The names are part of the JSON.
package enum DiagnosisOutcome: String, Sendable, Hashable, CaseIterable {
    /// Nothing was found that would keep events from arriving.
    case fine
    /// At least one check says `look here` or `problem`.
    case trouble
    /// Nothing is known of the sender or the event at all.
    case unknown
}
