/// A whole terminal that is drawn again and again, each time with one write, so that nothing flickers.
package struct TerminalScreen: Sendable {
    private static let begin = "\u{1B}[?1049h\u{1B}[?25l"
    private static let end = "\u{1B}[?25h\u{1B}[?1049l"
    private static let home = "\u{1B}[H"
    private static let clearLine = "\u{1B}[K"
    private static let clearBelow = "\u{1B}[J"

    private let output: TextOutput

    /// Draws on an output that is a terminal.
    package init(output: TextOutput) {
        self.output = output
    }

    /// Takes the terminal; what stood there comes back with `leave`.
    package func enter() { output.write(Self.begin) }

    /// Gives the terminal back.
    package func leave() { output.write(Self.end) }

    /// Draws a text over the last one.
    package func draw(_ text: String) {
        output.write(Self.frame(text, columns: output.columns, rows: output.rows))
    }

    /// What is written for a text: no more than fits, nothing left of what stood there.
    package static func frame(_ text: String, columns: Int, rows: Int) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        while lines.last == "" { lines.removeLast() }
        if lines.count > rows {
            let hidden = lines.count - rows + 1
            lines = lines.prefix(rows - 1) + ["… \(hidden) more lines: make the terminal higher, or use --json"]
        }
        return home
            + lines.map { TerminalText.fit($0, columns: columns) + clearLine }.joined(separator: "\r\n") + clearBelow
    }
}
