/// An order to send a time of the past again to one destination.
package struct ReplayJob: Sendable, Hashable {
    /// What happens to it. The numbers are stored.
    package enum State: Int64, Sendable, Hashable, CaseIterable {
        case running = 0
        case done = 1
        case cancelled = 2
        /// As `running`, with what was given up: a build that does not know the difference leaves it alone.
        case runningWithUndelivered = 3
    }

    package var id: Int64
    /// The destination's name.
    package var destination: String
    /// Events received from here on, in nanoseconds since 1970 …
    package var from: Int64
    /// … and before this.
    package var to: Int64
    /// Only this client's; nil for all.
    package var client: String?
    /// Events a second at most; 0 without a limit.
    package var rate: Double
    /// Everything up to here is sent.
    package var position: SpoolPosition
    /// Events that were sent.
    package var sent: Int64
    package var createdAt: Int64
    package var state: State

    /// Whether it is being sent, or will be.
    package var isRunning: Bool { state == .running || includesUndelivered }
    /// Whether a running one also sends what was given up at its destination: dead letters, expired and skipped events.
    package var includesUndelivered: Bool { state == .runningWithUndelivered }

    static let columns = """
        id, (SELECT name FROM destination WHERE destination.id = replay_job.destination), from_time, to_time, client, rate,
        segment, batch, sent, created_at, state
        """

    init(_ row: Statement) {
        id = row.integer(0)
        destination = row.text(1)
        from = row.time(2)
        to = row.time(3)
        client = row.isNull(4) ? nil : row.text(4)
        rate = row.real(5)
        position = SpoolPosition(segment: UInt64(bitPattern: row.integer(6)), batch: row.count(7))
        sent = row.count(8)
        createdAt = row.time(9)
        state = State(rawValue: row.integer(10)) ?? .cancelled
    }
}
