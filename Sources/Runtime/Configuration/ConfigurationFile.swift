internal import Glibc

/// The file named by `--config`: one flat JSON object of texts, numbers and booleans.
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
            problems = [Self.problem("\(name) is empty; write at least {} or do not name it with --config")]
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
