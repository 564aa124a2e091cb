package import Forwarder
package import Store

/// Tells from looks at a forwarder and its ledger whether a drain is over. A value without I/O.
package struct DrainProgress: Sendable {
    /// What is seen at one look.
    package struct Look: Sendable {
        /// Whether a forwarder holds the spool.
        package var forwarderRuns: Bool
        /// What its workers say; nil when it does not answer.
        package var workers: [DeliveryStatus]?
        /// What is in the record of acts since the order.
        package var acts: [OperatorAct]

        /// Makes a look from its parts.
        package init(forwarderRuns: Bool, workers: [DeliveryStatus]?, acts: [OperatorAct]) {
            self.forwarderRuns = forwarderRuns
            self.workers = workers
            self.acts = acts
        }
    }

    /// What a look says.
    package enum Verdict: Sendable, Hashable {
        /// It goes on.
        case draining
        /// Everything that was chosen is delivered, and the forwarder has ended where that was asked for.
        case drained
        /// The forwarder has ended before.
        case forwarderEnded
        /// Nothing drains any more, and not because it is drained: another forwarder runs.
        case givenUp
    }

    /// Looks in a row at which nothing drains before that is believed: a drained destination is recorded a moment later.
    private static let patience = 20

    private let destinations: Set<String>
    private let thenExit: Bool
    private var idleLooks = 0

    /// - Parameter thenExit: whether the forwarder is to end.
    package init(destinations: [String], thenExit: Bool) {
        self.destinations = Set(destinations)
        self.thenExit = thenExit
    }

    /// What is the case now.
    package mutating func judge(_ look: Look) -> Verdict {
        let own = look.acts.filter { $0.actor == ForwarderControl.drainActor }
        if thenExit, own.contains(where: { $0.action == ForwarderControl.drainedAct }) {
            return look.forwarderRuns ? .draining : .drained
        }
        let left = destinations.subtracting(own.filter { $0.action == "pause" }.map(\.destination))
        if !thenExit, left.isEmpty { return .drained }
        guard look.forwarderRuns else { return .forwarderEnded }
        guard let workers = look.workers else { return .draining }
        let isDraining = workers.contains { left.contains($0.name) && $0.isDraining }
        idleLooks = isDraining ? 0 : idleLooks + 1
        return idleLooks > Self.patience ? .givenUp : .draining
    }
}
