/// Reads `KEY=VALUE` lines as systemd's `EnvironmentFile=` has them: empty lines and lines that begin with `#` or `;` say
/// nothing, a value may stand in quotes. What systemd would pass over or guess at is a problem here.
struct EnvironmentFileParser {
    /// One line that can not be used.
    struct Problem: Equatable {
        var line: Int
        var key: String?
        var message: String
    }

    private(set) var values: [String: String] = [:]
    private(set) var problems: [Problem] = []

    init(_ content: [UInt8]) {
        guard let text = String(validating: content, as: UTF8.self) else {
            problems = [Problem(line: 1, key: nil, message: "the file is not UTF-8")]
            return
        }
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() { read(Self.trimmed(line), number: index + 1) }
    }

    private mutating func read(_ line: Substring, number: Int) {
        guard let first = line.first, first != "#", first != ";" else { return }
        guard let equals = line.firstIndex(of: "="), Self.isName(line[..<equals]) else {
            // Not repeated: the line may hold a secret that has lost its key.
            problems.append(Problem(line: number, key: nil, message: "is not KEY=VALUE"))
            return
        }
        let key = String(line[..<equals])
        guard values[key] == nil else {
            problems.append(Problem(line: number, key: key, message: "is set twice"))
            return
        }
        let text = Self.trimmed(line[line.index(after: equals)...])
        guard let value = Self.value(text) else {
            problems.append(
                Problem(
                    line: number, key: key,
                    message: "a quote is not closed, something follows it, or the line ends in a backslash: a value is "
                        + "one line, as it is or in quotes"))
            return
        }
        values[key] = value
    }

    /// Nil for what is neither plain nor one quoted text.
    private static func value(_ text: Substring) -> String? {
        guard let quote = text.first, quote == "\"" || quote == "'" else {
            return text.last == "\\" ? nil : String(text)
        }
        var value = ""
        var rest = text.dropFirst()
        while let character = rest.popFirst() {
            if character == quote { return rest.isEmpty ? value : nil }
            if character == "\\", quote == "\"", let next = rest.first, next == "\"" || next == "\\" {
                value.append(rest.removeFirst())
            } else {
                value.append(character)
            }
        }
        return nil
    }

    private static func isName(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return text.utf8.allSatisfy {
            (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F
        }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
