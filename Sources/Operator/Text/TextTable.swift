/// Columns under headings, as wide as their widest text.
package struct TextTable: Sendable {
    /// On which side a column's texts begin.
    package enum Alignment: Sendable {
        /// Texts.
        case left
        /// Numbers.
        case right
    }

    private static let gap = "  "

    private let columns: [(heading: String, alignment: Alignment)]
    private var rows: [[String]] = []

    /// A table with headings only.
    package init(_ columns: [(heading: String, alignment: Alignment)]) {
        self.columns = columns
    }

    /// Adds a row with a text for each column.
    package mutating func add(_ row: [String]) { rows.append(row.map(TerminalText.clean)) }

    /// Whether there is no row.
    package var isEmpty: Bool { rows.isEmpty }

    /// The lines, each with its newline.
    /// - Parameter width: where lines are cut; nil for nowhere.
    package func text(style: TextStyle, width: Int? = nil) -> String {
        let widths = columns.indices.map { column in
            rows.reduce(columns[column].heading.count) { max($0, $1[column].count) }
        }
        let lines = [columns.map(\.heading)] + rows
        var text = ""
        for (index, cells) in lines.enumerated() {
            var line = ""
            for (column, cell) in cells.enumerated() {
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                if column > 0 { line += Self.gap }
                line += columns[column].alignment == .left ? cell + padding : padding + cell
            }
            while line.last == " " { line.removeLast() }
            if let width { line = TerminalText.fit(line, columns: width) }
            text += (index == 0 ? style.heading(line) : line) + "\n"
        }
        return text
    }
}
