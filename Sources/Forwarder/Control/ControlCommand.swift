package import Contract
package import Store

/// What an operator can tell a forwarder.
package enum ControlCommand: Sendable, Hashable {
    /// Sends nothing more to a destination, or to all of them, until `resume`.
    case pause(destination: String?, reason: String)
    /// Ends a pause.
    case resume(destination: String?)
    /// Delivers what waits, then pauses or ends the process.
    case drain(destination: String?, thenExit: Bool)
    /// Sends dead letters again, as they are or edited, at most `rate` a second.
    case replayDeadLetters(DeadLetterFilter, rate: Double?, edit: EventEdit?, isDryRun: Bool)
    /// Takes dead letters back that are to be sent again.
    case cancelDeadLetterReplay(DeadLetterFilter, isDryRun: Bool)
    /// Gives dead letters up for good.
    case purgeDeadLetters(DeadLetterFilter, isDryRun: Bool)
    /// Sends delivered events of a time again.
    case replayPast(PastReplay)
    /// Ends an order to send a time of the past again.
    case cancelPastReplay(job: Int64)

    /// Its name on the control socket and in the record of acts.
    package var name: String {
        switch self {
        case .pause: "pause"
        case .resume: "resume"
        case .drain: "drain"
        case .replayDeadLetters: "replay_dead_letters"
        case .cancelDeadLetterReplay: "cancel_dead_letter_replay"
        case .purgeDeadLetters: "purge_dead_letters"
        case .replayPast: "replay_past"
        case .cancelPastReplay: "cancel_past_replay"
        }
    }

    /// Everything but the name.
    package var arguments: JSONValue {
        switch self {
        case .pause(let destination, let reason):
            .members([("destination", .optional(destination)), ("reason", .string(reason))])
        case .resume(let destination): .members([("destination", .optional(destination))])
        case .drain(let destination, let thenExit):
            .members([("destination", .optional(destination)), ("then_exit", .bool(thenExit))])
        case .replayDeadLetters(let filter, let rate, let edit, let isDryRun):
            .members([
                ("filter", filter.json), ("rate", rate.map { .double($0) } ?? .null), ("edit", .optional(edit?.text)),
                ("dry_run", .bool(isDryRun)),
            ])
        case .purgeDeadLetters(let filter, let isDryRun), .cancelDeadLetterReplay(let filter, let isDryRun):
            .members([("filter", filter.json), ("dry_run", .bool(isDryRun))])
        case .replayPast(let replay): replay.json
        case .cancelPastReplay(let job): .members([("job", .number(job))])
        }
    }

    /// Reads what `name` and `arguments` give.
    /// - Throws: `invalid`, with what is wrong.
    package init(name: String, arguments: JSONValue) throws(ControlFailure) {
        let arguments = ControlArguments(arguments)
        switch name {
        case "pause":
            self = .pause(
                destination: try arguments.text("destination"), reason: try arguments.text("reason") ?? "")
        case "resume": self = .resume(destination: try arguments.text("destination"))
        case "drain":
            self = .drain(
                destination: try arguments.text("destination"), thenExit: try arguments.flag("then_exit"))
        case "replay_dead_letters":
            self = .replayDeadLetters(
                try DeadLetterFilter(arguments.object("filter")), rate: try arguments.rate("rate"),
                edit: try Self.edit(try arguments.text("edit")), isDryRun: try arguments.flag("dry_run"))
        case "cancel_dead_letter_replay":
            self = .cancelDeadLetterReplay(
                try DeadLetterFilter(arguments.object("filter")), isDryRun: try arguments.flag("dry_run"))
        case "purge_dead_letters":
            self = .purgeDeadLetters(
                try DeadLetterFilter(arguments.object("filter")), isDryRun: try arguments.flag("dry_run"))
        case "replay_past": self = .replayPast(try PastReplay(arguments))
        case "cancel_past_replay":
            guard let job = try arguments.integer("job") else {
                throw ControlFailure(.invalid, "“job” is the number of an order and must be there")
            }
            self = .cancelPastReplay(job: job)
        default:
            throw ControlFailure(
                .versionMismatch,
                "this forwarder has no command “\(name)”: use the gatewayctl of the forwarder's version")
        }
    }

    private static func edit(_ text: String?) throws(ControlFailure) -> EventEdit? {
        guard let text else { return nil }
        do throws(EventEditFailure) {
            return try EventEdit(text)
        } catch {
            throw ControlFailure(.invalid, error.description)
        }
    }
}
