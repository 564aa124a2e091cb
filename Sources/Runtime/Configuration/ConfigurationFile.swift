internal import Glibc

/// The file named by `--config` or `GATEWAY_CONFIG_FILE`: `KEY=VALUE` lines as in systemd's environment files, or one flat
/// JSON object of texts, numbers and booleans. JSON is what is called `….json` or begins with a brace.
package struct ConfigurationFile: Sendable, Equatable {
    /// Longest file that is read, in bytes.
    package static let maximumBytes = 1 << 20

    /// The path as the operator gave it, for messages.
    package var name: String
    /// Values by key; numbers and booleans as written.
    package var values: [String: String]
    /// What is wrong with the file; reported together with all other problems.
    package var problems: [ConfigurationProblem]

    package init(name: String, values: [String: String] = [:], problems: [ConfigurationProblem] = []) {
        self.name = name
        self.values = values
        self.problems = problems
    }

    /// Parses the content of a file. Never throws: what is wrong ends up in `problems`.
    package init(name: String, content: [UInt8]) {
        self.init(name: name)
        guard content.contains(where: { !FlatJSONParser.isSpace($0) }) else {
            problems = [Self.problem("\(name) is empty; write at least {} or a comment, or do not name it")]
            return
        }
        guard name.hasSuffix(".json") || content.first(where: { !FlatJSONParser.isSpace($0) }) == UInt8(ascii: "{")
        else {
            readLines(content)
            return
        }
        var parser = FlatJSONParser(content)
        do {
            let parsed = try parser.parse()
            values = parsed.values
            problems = parsed.problems.map { problem in
                ConfigurationProblem(
                    code: .unreadableFile, key: problem.key, message: "\(name) line \(problem.line): \(problem.message)"
                )
            }
        } catch {
            problems = [Self.problem("\(name) line \(error.line): \(error.message)")]
        }
    }

    private mutating func readLines(_ content: [UInt8]) {
        let parser = EnvironmentFileParser(content)
        values = parser.values
        problems = parser.problems.map { problem in
            ConfigurationProblem(
                code: .unreadableFile, key: problem.key, message: "\(name) line \(problem.line): \(problem.message)")
        }
    }

    /// Reads and parses a file. Never throws: what is wrong ends up in `problems`.
    package static func load(path: String) -> ConfigurationFile {
        do {
            return ConfigurationFile(name: path, content: try FileBytes.read(path: path, maximumBytes: maximumBytes))
        } catch {
            return ConfigurationFile(name: path, problems: [problem("cannot read \(path): \(error.message)")])
        }
    }

    private static func problem(_ message: String) -> ConfigurationProblem {
        ConfigurationProblem(code: .unreadableFile, key: nil, message: message)
    }
}
