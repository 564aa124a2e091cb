/// A threshold on a metric of Google Cloud Monitoring.
package struct GoogleCondition: Sendable, Equatable {
    /// Filters that choose the series, joined by AND.
    package var filter: [String]
    /// How the points of one series become one.
    package var aligner: String
    /// How series become one.
    package var reducer: String
    /// What is aligned at once, in seconds.
    package var window: Int
    /// The label that stays.
    package var groupBy = "resource.label.revision_name"
    /// Whether it fires above the threshold, or below it.
    package var firesAbove = true
    package var threshold: Double
    /// How long that must last, in seconds.
    package var duration = 0
    /// How many series must fire.
    package var trigger = Trigger.unset

    /// How many series must fire.
    package enum Trigger: Sendable {
        case unset, any, all
    }
}
