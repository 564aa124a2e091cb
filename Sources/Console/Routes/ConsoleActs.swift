internal import Contract
internal import Forwarder
internal import Logging
internal import Store

/// Carries out what somebody does in the console: the same commands that gatewayctl gives, recorded under the name that
/// was given with the admin token.
struct ConsoleActs: Sendable {
    private static let commands: Set = ["pause", "resume", "replay_dead_letters", "purge_dead_letters"]

    let forwarder: any ForwarderCommands
    let logger: Logger

    /// - Parameters:
    ///   - body: `{"command": …, "arguments": …}` as on the control socket.
    ///   - name: who acts.
    func perform(_ body: JSONValue, name: String) async throws(ConsoleRefusal) -> JSONValue {
        guard let word = body["command"]?.text else { throw .invalid("“command” is a text and must be there") }
        guard Self.commands.contains(word) else {
            throw .invalid("“\(word)” is no command of the console: use gatewayctl")
        }
        let actor = "\(name) (console)"
        do throws(ControlFailure) {
            let command = try ControlCommand(name: word, arguments: body["arguments"] ?? .object([]))
            if case .purgeDeadLetters(let filter, _) = command, filter == DeadLetterFilter() {
                throw ControlFailure(.invalid, "say which letters are to be purged")
            }
            let result = try await forwarder.perform(command, actor: actor)
            logger.notice(
                "an operator's command is carried out",
                metadata: [
                    "command": "\(word)", "actor": "\(actor)", "events": "\(result.events)",
                    "dry_run": "\(result.isDryRun)", "destinations": "\(result.destinations.joined(separator: ","))",
                ])
            return result.json
        } catch {
            logger.warning(
                "an operator's command failed", metadata: ["actor": "\(actor)", "error": "\(error.message)"])
            throw ConsoleRefusal(status: error.httpStatus, code: error.code.rawValue, detail: error.message)
        }
    }
}
