internal import Contract

/// Delivered events that are to be sent again.
package struct PastReplay: Sendable, Hashable {
    /// Received at this time or later, in nanoseconds since 1970.
    package var from: Int64
    /// Received before this time.
    package var to: Int64
    /// Of this client only.
    package var client: String?
    /// To this destination only; nil for all.
    package var destination: String?
    /// At most so many events a second; nil for as fast as the destination takes them.
    package var rate: Double?
    /// Also what was given up at a destination: dead letters, expired and skipped events.
    package var includesUndelivered: Bool
    /// Whether it is only counted.
    package var isDryRun: Bool

    /// Makes a replay from its parts.
    package init(
        from: Int64, to: Int64, client: String? = nil, destination: String? = nil, rate: Double? = nil,
        includesUndelivered: Bool = false, isDryRun: Bool = false
    ) {
        self.from = from
        self.to = to
        self.client = client
        self.destination = destination
        self.rate = rate
        self.includesUndelivered = includesUndelivered
        self.isDryRun = isDryRun
    }

    var json: JSONValue {
        .members([
            ("from", .number(from)), ("to", .number(to)), ("client", .optional(client)),
            ("destination", .optional(destination)), ("rate", rate.map { .double($0) } ?? .null),
            ("include_undelivered", .bool(includesUndelivered)), ("dry_run", .bool(isDryRun)),
        ])
    }

    init(_ arguments: ControlArguments) throws(ControlFailure) {
        guard let from = try arguments.integer("from"), let to = try arguments.integer("to"), from < to else {
            throw ControlFailure(.invalid, "“from” and “to” are times, and “from” is the earlier one")
        }
        self.init(
            from: from, to: to, client: try arguments.text("client"), destination: try arguments.text("destination"),
            rate: try arguments.rate("rate"),
            includesUndelivered: try arguments.flag("include_undelivered"), isDryRun: try arguments.flag("dry_run"))
    }
}
