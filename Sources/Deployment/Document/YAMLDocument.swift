internal import Yams

/// Rendered values as YAML.
enum YAMLDocument {
    /// One file of documents, with a comment at its head.
    /// - Parameter head: lines of the comment.
    static func text(head: [String], _ documents: [DocumentValue]) -> String {
        let comment = head.map { $0.isEmpty ? "#\n" : "# \($0)\n" }.joined()
        return comment + documents.map(text).joined(separator: "---\n")
    }

    private static func text(_ value: DocumentValue) -> String {
        // What the emitter refuses are broken tags and anchors, which nothing here has.
        (try? Yams.serialize(node: node(value), indent: 2, width: -1, allowUnicode: true, newLineScalarStyle: .literal))
            ?? ""
    }

    private static func node(_ value: DocumentValue) -> Node {
        switch value {
        case .text(let text): .scalar(scalar(text))
        case .integer(let number): Node("\(number)", Tag(.int))
        case .number(let number): Node("\(number)", Tag(.float))
        case .boolean(let flag): Node("\(flag)", Tag(.bool))
        case .list(let values): Node(values.map(node), .implicit, values.isEmpty ? .flow : .block)
        case .object(let members):
            Node(
                members.map { (.scalar(scalar($0.name)), node($0.value)) }, .implicit,
                members.isEmpty ? .flow : .block)
        }
    }

    /// Quoted where it would be read as something else than a text.
    private static func scalar(_ text: String) -> Node.Scalar {
        if text.contains("\n") { return Node.Scalar(text, Tag(.str), .literal) }
        let plain = Node.Scalar(text)
        return Node(text).tag == Tag(.str) ? plain : Node.Scalar(text, Tag(.str), .doubleQuoted)
    }
}
