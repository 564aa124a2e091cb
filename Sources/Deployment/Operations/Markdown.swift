/// Pieces of a Markdown page.
enum Markdown {
    /// A table with a heading.
    static func table(_ heading: [String], _ rows: [[String]]) -> String {
        func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
        return line(heading) + line(heading.map { _ in "---" }) + rows.map(line).joined()
    }

    /// A table of properties.
    static func properties(_ rows: [(String, String?)]) -> String {
        table(["property", "details"], rows.compactMap { name, value in value.map { [name, $0] } })
    }

    /// Text as code.
    static func code(_ text: String) -> String { "`\(text)`" }

    /// A numbered list.
    static func steps(_ steps: [String]) -> String {
        steps.enumerated().map { "\($0 + 1). \($1)\n" }.joined()
    }

    /// Lines as they are.
    static func block(_ text: String, language: String) -> String { "```\(language)\n\(text)\n```\n" }
}
