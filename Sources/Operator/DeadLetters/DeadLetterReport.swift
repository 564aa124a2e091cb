package import Contract
internal import Forwarder
internal import FoundationEssentials
internal import Runtime
package import Store

/// Dead letters for people and for programs. The metadata of their streams are not shown: licence keys are in them.
package enum DeadLetterReport {
    private static let labelColumns = 14

    /// A list, one line a letter under headings.
    package static func list(_ letters: [DeadLetter], now: Int64, style: TextStyle, width: Int?) -> String {
        var table = TextTable([
            ("ID", .left), ("STATE", .left), ("AGE", .right), ("REASON", .left), ("CLIENT", .left), ("EVENT", .left),
            ("SIZE", .right), ("DESTINATION", .left),
        ])
        for letter in letters {
            table.add([
                letter.id.description, letter.state.name, HumaneText.span(now - letter.firstSeenAt), why(letter),
                letter.stream.client, name(letter), HumaneText.bytes(letter.size),
                letter.destination.isEmpty ? "(ingest)" : letter.destination,
            ])
        }
        return table.text(style: style, width: width)
    }

    /// All of one letter, with its history and its event.
    package static func details(_ letter: DeadLetter, now: Int64, style: TextStyle) -> String {
        var text = style.heading("Dead letter \(letter.id)") + "\n"
        func line(_ label: String, _ value: String) {
            text += "  " + label + String(repeating: " ", count: max(1, labelColumns - label.count))
            text += TerminalText.clean(value) + "\n"
        }
        func time(_ time: Int64) -> String {
            "\(RFC3339.format(time)) (\(HumaneText.span(now - time)) ago)"
        }
        line("kind", letter.kind == .quarantine ? "quarantined by ingest" : "refused by its destination")
        line("state", letter.state.name)
        if !letter.destination.isEmpty { line("destination", letter.destination) }
        line("reason", "\(why(letter)): \(letter.message)")
        line("client", "\(letter.stream.client) (\(letter.stream.source))")
        line("event", "\(name(letter)), id \(String(decoding: letter.eventID, as: UTF8.self))")
        line("received", time(letter.receivedAt))
        line("set aside", time(letter.firstSeenAt))
        let tries = HumaneText.quantity(letter.attempts, "try", "tries")
        line("last tried", letter.attempts > 0 ? "\(time(letter.lastSeenAt)), \(tries)" : "never")
        line("place", "segment \(letter.address.segment), batch \(letter.address.batch), event \(letter.address.event)")
        line("size", "\(HumaneText.count(letter.size)) bytes with the stream's metadata")
        if !letter.digest.isEmpty { line("sha256", letter.digest) }
        if letter.isEdited { line("edited", letter.original.map { "copy of \($0)" } ?? "yes") }
        for failure in letter.history {
            line("failed", "\(RFC3339.format(failure.at)) \(failure.code): \(failure.message)")
        }
        if let event = EventJSON.value(of: letter.bytes) {
            text += "  " + String(decoding: event.line, as: UTF8.self)
        } else {
            line("bytes", Data(letter.bytes).base64EncodedString())
        }
        return text
    }

    /// One letter for programs.
    /// - Parameter includesEvent: whether the event and its bytes are there.
    package static func json(_ letter: DeadLetter, includesEvent: Bool) -> JSONValue {
        var members: [(name: String, value: JSONValue)] = [
            ("id", .string(letter.id.description)), ("kind", .string(letter.kind.name)),
            ("state", .string(letter.state.name)),
            ("destination", .optional(letter.destination.isEmpty ? nil : letter.destination)),
            ("reason", .string(letter.reason)), ("code", .string(letter.code)), ("message", .string(letter.message)),
            ("client", .string(letter.stream.client)), ("source", .string(letter.stream.source)),
            ("event_id", .string(String(decoding: letter.eventID, as: UTF8.self))),
            ("feature", .string(letter.feature)), ("action", .string(letter.action)),
            ("received_at", .string(RFC3339.format(letter.receivedAt))),
            ("first_seen_at", .string(RFC3339.format(letter.firstSeenAt))),
            ("last_seen_at", .string(RFC3339.format(letter.lastSeenAt))), ("attempts", .number(letter.attempts)),
            ("size", .number(letter.size)), ("segment", .string(String(letter.address.segment))),
            ("batch", .number(letter.address.batch)), ("event_index", .number(Int64(letter.address.event))),
            ("digest", .optional(letter.digest.isEmpty ? nil : letter.digest)),
            ("original", .optional(letter.original.map { DeadLetterID.letter($0).description })),
            ("edited", .bool(letter.isEdited)),
            (
                "history",
                .array(
                    letter.history.map {
                        .members([
                            ("at", .string(RFC3339.format($0.at))), ("code", .string($0.code)),
                            ("message", .string($0.message)),
                        ])
                    })
            ),
        ]
        if includesEvent {
            members.append(("event", EventJSON.value(of: letter.bytes) ?? .null))
            members.append(("bytes", .string(Data(letter.bytes).base64EncodedString())))
        }
        return .members(members)
    }

    private static func why(_ letter: DeadLetter) -> String {
        letter.code == letter.reason ? letter.reason : "\(letter.reason) \(letter.code)"
    }

    private static func name(_ letter: DeadLetter) -> String {
        letter.feature.isEmpty && letter.action.isEmpty ? "–" : "\(letter.feature)/\(letter.action)"
    }
}
