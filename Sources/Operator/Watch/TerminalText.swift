/// Text for a terminal of a known width.
package enum TerminalText {
    private static let escape: Character = "\u{1B}"
    private static let reset = "\u{1B}[0m"

    /// The text without characters that a terminal obeys: what comes from outside must not move its cursor.
    package static func clean(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    scalar.value < 0x20 || 0x7F..<0xA0 ~= scalar.value ? " " : scalar
                }))
    }

    /// The beginning of a line that fits into `columns`; colours (`ESC [ … m`) take no room and are reset at a cut.
    package static func fit(_ line: String, columns: Int) -> String {
        var result = ""
        var width = 0
        var isEscape = false
        for character in line {
            if isEscape {
                result.append(character)
                isEscape = character != "m"
            } else if character == escape {
                result.append(character)
                isEscape = true
            } else if width < columns {
                result.append(character)
                width += 1
            } else {
                return result.contains(escape) ? result + reset : result
            }
        }
        return result
    }
}
