package import Contract

/// What a command did, or would do.
package struct ControlResult: Sendable, Hashable {
    /// The destinations that it is about.
    package var destinations: [String]
    /// Events, dead letters for one, that it is about.
    package var events: Int64
    /// Their bytes.
    package var bytes: Int64
    /// Numbers of the jobs that it made.
    package var jobs: [Int64]
    /// Whether nothing was changed because the command said so.
    package var isDryRun: Bool

    /// Makes a result from its parts.
    package init(
        destinations: [String] = [], events: Int64 = 0, bytes: Int64 = 0, jobs: [Int64] = [], isDryRun: Bool = false
    ) {
        self.destinations = destinations
        self.events = events
        self.bytes = bytes
        self.jobs = jobs
        self.isDryRun = isDryRun
    }

    /// The result as it goes over the control socket and to programs.
    package var json: JSONValue {
        .members([
            ("destinations", .array(destinations.map { .string($0) })), ("events", .number(events)),
            ("bytes", .number(bytes)), ("jobs", .array(jobs.map { .number($0) })), ("dry_run", .bool(isDryRun)),
        ])
    }

    /// Reads what `json` gives; nil for anything else.
    package init?(_ json: JSONValue) {
        guard let destinations = json["destinations"]?.elements, let events = json["events"]?.integer else {
            return nil
        }
        self.init(
            destinations: destinations.compactMap(\.text), events: events, bytes: json["bytes"]?.integer ?? 0,
            jobs: json["jobs"]?.elements?.compactMap(\.integer) ?? [], isDryRun: json["dry_run"]?.flag ?? false)
    }
}
