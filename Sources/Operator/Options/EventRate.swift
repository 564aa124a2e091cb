internal import ArgumentParser

/// Events a second as people write it: above zero.
package struct EventRate: ExpressibleByArgument, Sendable, Hashable {
    /// Events a second.
    package let perSecond: Double

    /// Nil for a text that is no rate.
    package init?(argument: String) {
        guard let rate = Double(argument), rate.isFinite, rate > 0 else { return nil }
        perSecond = rate
    }
}
