internal import Contract
internal import Forwarder
internal import Store

/// Dead letters and quarantined events. The metadata of their streams are not shown: licence keys are in them.
enum LetterAnswer {
    /// Bytes that are shown of an event that can not be read as one.
    private static let shownBytes = 2048

    /// One page of a list.
    static func page(_ page: LetterPage) -> JSONValue {
        .members([
            ("letters", .array(page.letters.map { .members(members($0)) })),
            ("next", .optional(page.next?.description)),
        ])
    }

    /// All of one.
    /// - Parameter eventBytes: longest event that is shown.
    static func details(_ letter: DeadLetter, eventBytes: Int) -> JSONValue {
        var members = members(letter)
        members += [
            (
                "history",
                .array(
                    letter.history.map {
                        .members([("at", .time($0.at)), ("code", .string($0.code)), ("message", .string($0.message))])
                    })
            ),
            ("segment", .string(String(letter.address.segment))), ("batch", .number(letter.address.batch)),
            ("event_index", .number(Int64(letter.address.event))), ("digest", .string(letter.digest)),
        ]
        if letter.bytes.count > eventBytes {
            members.append(("event_problem", .string("too_long")))
        } else if let event = EventJSON.value(of: letter.bytes) {
            members.append(("event", event))
        } else {
            members += [("event_problem", .string("no_event")), ("hex", .string(hex(letter.bytes)))]
        }
        return .members(members)
    }

    private static func members(_ letter: DeadLetter) -> [(name: String, value: JSONValue)] {
        [
            ("id", .string(letter.id.description)), ("kind", .string(letter.kind.name)),
            ("state", .string(letter.state.name)), ("destination", .string(letter.destination)),
            ("reason", .string(letter.reason)), ("code", .string(letter.code)), ("message", .string(letter.message)),
            ("client", .string(letter.stream.client)), ("source", .string(letter.stream.source)),
            ("event_id", .string(String(decoding: letter.eventID, as: UTF8.self))),
            ("feature", .string(letter.feature)), ("action", .string(letter.action)),
            ("received_at", .time(letter.receivedAt)), ("first_seen_at", .time(letter.firstSeenAt)),
            ("last_seen_at", .time(letter.lastSeenAt)), ("attempts", .number(letter.attempts)),
            ("size", .number(letter.size)), ("edited", .bool(letter.isEdited)),
            ("original", .optional(letter.original.map { DeadLetterID.letter($0).description })),
        ]
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.prefix(shownBytes).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0xF)]] }, as: UTF8.self)
    }
}
