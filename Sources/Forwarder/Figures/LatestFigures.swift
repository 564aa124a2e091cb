internal import Synchronization

/// The figures that were read last, for whoever asks in between.
package final class LatestFigures: Sendable {
    private let figures = Mutex<SpoolFigures?>(nil)

    /// None yet.
    package init() {}

    /// The figures; nil before the first ones.
    package var current: SpoolFigures? { figures.withLock { $0 } }

    func set(_ new: SpoolFigures) { figures.withLock { $0 = new } }

    /// What workers say, with the rates that they leave open.
    func addingRates(to destinations: [DeliveryStatus]) -> [DeliveryStatus] {
        let known = Dictionary((current?.destinations ?? []).map { ($0.name, $0.delivery) }) { first, _ in first }
        return destinations.map { destination in
            var destination = destination
            destination.rateIn = destination.rateIn ?? known[destination.name]?.rateIn
            destination.rateOut = destination.rateOut ?? known[destination.name]?.rateOut
            return destination
        }
    }
}
