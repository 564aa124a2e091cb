package import Contract

/// A command with who gives it, as it goes over the control socket.
package struct ControlEnvelope: Sendable, Hashable {
    /// The command.
    package let command: ControlCommand
    /// Who gives it.
    package let actor: String

    /// Makes an envelope from its parts.
    package init(command: ControlCommand, actor: String) {
        self.command = command
        self.actor = actor
    }

    /// The body of the request.
    package var json: JSONValue {
        .members([("actor", .string(actor)), ("command", .string(command.name)), ("arguments", command.arguments)])
    }

    /// Reads a body.
    /// - Throws: `invalid`, with what is wrong.
    package init(_ body: [UInt8]) throws(ControlFailure) {
        let json: JSONValue
        do throws(JSONValue.Problem) {
            json = try JSONValue.read(body)
        } catch {
            throw ControlFailure(.invalid, "the command is no JSON, from byte \(error.offset) on")
        }
        guard let name = json["command"]?.text, let actor = json["actor"]?.text else {
            throw ControlFailure(.invalid, "“command” and “actor” are texts and must be there")
        }
        self.init(command: try ControlCommand(name: name, arguments: json["arguments"] ?? .object([])), actor: actor)
    }
}
