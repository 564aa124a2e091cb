internal import Contract
internal import Forwarder

extension JSONValue {
    /// A point in time as scripts take it: milliseconds since 1970; null for none.
    static func time(_ nanoseconds: Int64?) -> JSONValue { nanoseconds.map { .number($0 / 1_000_000) } ?? .null }

    /// A number, or nothing.
    static func optional(_ number: Int64?) -> JSONValue { number.map { .number($0) } ?? .null }

    /// A number, or nothing.
    static func optional(_ number: Double?) -> JSONValue { number.map { .double($0) } ?? .null }

    /// How long something takes, with what kind of answer it is.
    static func left(_ left: TimeLeft) -> JSONValue {
        switch left {
        case .now: .members([("kind", .string("now"))])
        case .seconds(let seconds): .members([("kind", .string("seconds")), ("seconds", .double(seconds))])
        case .never: .members([("kind", .string("never"))])
        case .unknown: .members([("kind", .string("unknown"))])
        }
    }
}
