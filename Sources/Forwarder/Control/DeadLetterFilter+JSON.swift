internal import Contract
internal import Store

extension DeadLetterFilter {
    /// The filter as it goes over the control socket.
    var json: JSONValue {
        .members([
            ("ids", .array(ids.map(\.description).sorted().map { .string($0) })),
            ("kind", .optional(kind?.name)),
            ("state", .optional(state?.name)),
            ("reason", .optional(reason)), ("code", .optional(code)), ("client", .optional(client)),
            ("feature", .optional(feature)), ("action", .optional(action)), ("destination", .optional(destination)),
            ("from", from.map { .number($0) } ?? .null), ("to", to.map { .number($0) } ?? .null),
        ])
    }

    /// Reads what `json` gives.
    /// - Throws: `invalid`: a filter that is not understood must not become one that means more.
    init(_ arguments: ControlArguments) throws(ControlFailure) {
        self.init()
        for text in try arguments.texts("ids") {
            guard let id = DeadLetterID(text) else {
                throw ControlFailure(.invalid, "“\(text)” is no dead letter's id")
            }
            ids.insert(id)
        }
        kind = try Self.read(try arguments.text("kind"), \.name)
        state = try Self.read(try arguments.text("state"), \.name)
        reason = try arguments.text("reason")
        code = try arguments.text("code")
        client = try arguments.text("client")
        feature = try arguments.text("feature")
        action = try arguments.text("action")
        destination = try arguments.text("destination")
        from = try arguments.integer("from")
        to = try arguments.integer("to")
    }

    private static func read<Value: CaseIterable>(
        _ text: String?, _ name: (Value) -> String
    ) throws(ControlFailure) -> Value? {
        guard let text else { return nil }
        guard let value = Value.allCases.first(where: { name($0) == text }) else {
            throw ControlFailure(
                .invalid, "“\(text)” is none of \(Value.allCases.map(name).joined(separator: ", "))")
        }
        return value
    }
}
