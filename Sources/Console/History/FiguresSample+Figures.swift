internal import Forwarder
internal import Store

extension FiguresSample {
    /// Destinations that are kept at most; a ledger may remember many that are not configured any more.
    private static let maximumDestinations = 32

    init(_ figures: SpoolFigures) {
        let shown = figures.destinations.filter { $0.stored.isActive || $0.stored.waiting.events > 0 }
        self.init(
            at: figures.at, bytesOnDisk: figures.status.bytesOnDisk,
            destinations: Dictionary(
                shown.prefix(Self.maximumDestinations).map { destination in
                    let stored = destination.stored
                    return (
                        destination.name,
                        Destination(
                            accepted: stored.acceptedEvents, delivered: stored.outcomes.delivered,
                            waiting: stored.waiting.events,
                            oldestAge: stored.oldestWaitingAt.map { max(0, figures.at - $0) } ?? 0)
                    )
                }
            ) { first, _ in first })
    }
}
