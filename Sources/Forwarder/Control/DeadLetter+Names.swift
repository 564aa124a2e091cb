package import Store

extension DeadLetter.Kind {
    /// The name in lists, JSON and on command lines.
    package var name: String {
        switch self {
        case .refused: "refused"
        case .quarantine: "quarantine"
        }
    }
}

extension DeadLetter.State {
    /// The name in lists, JSON and on command lines.
    package var name: String {
        switch self {
        case .waiting: "waiting"
        case .replaying: "replaying"
        case .delivered: "delivered"
        case .replaced: "replaced"
        }
    }
}

extension Outcome {
    /// The name in lists, JSON and metrics.
    package var name: String {
        switch self {
        case .delivered: "delivered"
        case .dead: "dead"
        case .expired: "expired"
        case .purged: "purged"
        case .damaged: "damaged"
        case .skipped: "skipped"
        }
    }
}
