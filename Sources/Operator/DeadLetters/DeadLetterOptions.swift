package import ArgumentParser
package import Store

/// Which dead letters a command is about.
package struct DeadLetterOptions: ParsableArguments {
    @Option(
        name: .customLong("id"), parsing: .upToNextOption,
        help: ArgumentHelp("These only, as list shows them.", valueName: "id"))
    package var ids: [DeadLetterID] = []

    @Option(
        help: ArgumentHelp("This class of reasons: refused, oversized, unrenderable, attributes …", valueName: "name"))
    package var reason: String?

    @Option(help: ArgumentHelp("This failure code.", valueName: "name"))
    package var code: String?

    @Option(help: ArgumentHelp("Of this client: its instance or service id.", valueName: "id"))
    package var client: String?

    @Option(help: ArgumentHelp("Events of this feature.", valueName: "name"))
    package var feature: String?

    @Option(help: ArgumentHelp("Events with this action.", valueName: "name"))
    package var action: String?

    @Option(help: ArgumentHelp("Of this destination; then none that ingest has quarantined.", valueName: "name"))
    package var destination: String?

    @Option(help: ArgumentHelp("refused by a destination, or quarantine of ingest (default: both).", valueName: "kind"))
    package var kind: DeadLetter.Kind?

    @Option(
        help: ArgumentHelp(
            "waiting, replaying, delivered or replaced (default: depends on the command).", valueName: "state"))
    package var state: DeadLetter.State?

    @Option(
        help: ArgumentHelp(
            "Set aside at this time or later: 2026-01-31T23:59:59Z, or 2h for two hours ago.", valueName: "time"))
    package var from: TimePoint?

    @Option(help: ArgumentHelp("Set aside before this time.", valueName: "time"))
    package var to: TimePoint?

    package init() {}

    /// Whether nothing at all is chosen, so that everything is meant.
    package var isEverything: Bool { filter(now: 0) == DeadLetterFilter() }

    /// What the options say.
    /// - Parameters:
    ///   - state: the state that is meant when none is named; nil for any.
    ///   - now: nanoseconds since 1970.
    package func filter(state standard: DeadLetter.State? = nil, now: Int64) -> DeadLetterFilter {
        var filter = DeadLetterFilter()
        filter.ids = Set(ids)
        filter.kind = kind
        filter.state = state ?? standard
        filter.reason = reason
        filter.code = code
        filter.client = client
        filter.feature = feature
        filter.action = action
        filter.destination = destination
        filter.from = from?.nanoseconds(now: now)
        filter.to = to?.nanoseconds(now: now)
        return filter
    }
}
