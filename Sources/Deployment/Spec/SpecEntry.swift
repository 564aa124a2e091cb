internal import Yams

/// One entry of a mapping whose keys are the user's.
struct SpecEntry {
    let name: String
    let node: Node
    let path: String
    let line: Int
    let problems: SpecProblems

    /// The value as a text; nil after a problem was noted.
    func text(_ rule: TextRule = TextRule(allowed: "a text") { _ in true }) -> String? {
        guard let text = node.scalar?.string, node.tag != Tag(.null), rule.holds(text) else {
            problem("is not allowed; expected \(rule.allowed)")
            return nil
        }
        return text
    }

    /// The value as a section.
    func section(keys: [String]) -> SpecSection {
        SpecSection(node, path: path, line: line, keys: keys, problems: problems)
    }

    func problem(_ message: String) { problems.add(line: line, path: path, message) }
}
