/// What one check comes to. The names are part of the JSON.
package enum DiagnosisVerdict: String, Sendable, Hashable, CaseIterable {
    /// In good order, or does not concern this sender.
    case ok
    /// It may explain missing events.
    case lookHere = "look_here"
    /// It keeps events from coming or from being delivered.
    case problem
    /// Nothing here tells.
    case notKnown = "not_known"

    /// For people.
    package var text: String {
        switch self {
        case .ok: "ok"
        case .lookHere: "look here"
        case .problem: "problem"
        case .notKnown: "not known"
        }
    }
}
