internal import FakePubSub
internal import Foundation

/// The fake Pub/Sub as a program, for benchmarks and for people.
///
///     fake-pubsub [--port N] [--script FILE] [--log FILE]
///
/// Prints a ready line, then obeys lines on standard input: `healthy`, `script {…}` (JSON of a failure script) and
/// `stats`, which prints one JSON object. It ends with its standard input.
@main struct Main {
    private struct Problem: Error {
        let text: String
    }

    static func main() async throws {
        var (port, script, keeping) = (0, FailureScript(), TakenMessages.Keeping.counts)
        var arguments = CommandLine.arguments.dropFirst()
        while let name = arguments.popFirst() {
            guard let value = arguments.popFirst() else { throw Problem(text: "\(name) needs a value") }
            switch name {
            case "--port": port = Int(value) ?? 0
            case "--script": script = try decode(Data(contentsOf: URL(fileURLWithPath: value)))
            case "--log":
                let file = open(value, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o644)
                guard file >= 0 else { throw Problem(text: "\(value): \(String(cString: strerror(errno)))") }
                keeping = .digests(file)
            default: throw Problem(text: "unknown argument \(name)")
            }
        }
        let server = try await FakePubSub.start(port: port, script: script, keeping: keeping)
        say("{\"message\":\"listening\",\"port\":\(server.port),\"process\":\"fake-pubsub\",\"pid\":\(getpid())}")
        while let line = readLine() {
            if line == "healthy" {
                server.heal()
            } else if line == "stats" {
                say(statistics(server))
            } else if line.hasPrefix("script ") {
                do {
                    server.apply(try decode(Data(line.dropFirst("script ".count).utf8)))
                } catch {
                    say("{\"error\":\"not a script\"}")
                }
            }
        }
        try await server.stop()
    }

    private static func decode(_ data: Data) throws -> FailureScript {
        try JSONDecoder().decode(FailureScript.self, from: data)
    }

    private static func statistics(_ server: FakePubSub) -> String {
        let totals = server.taken.totals
        let failures = server.failures.sorted { $0.key.rawValue < $1.key.rawValue }
            .map { "\"\($0.key.rawValue)\":\($0.value)" }.joined(separator: ",")
        return "{\"messages\":\(totals.messages),\"bytes\":\(totals.bytes),\"unconfirmed\":\(totals.unconfirmed),"
            + "\"requests\":\(server.requests),\"refusedPoison\":\(server.refusedPoison),\"failures\":{\(failures)}}"
    }

    private static func say(_ line: String) {
        FileHandle.standardOutput.write(Data("\(line)\n".utf8))
    }
}
