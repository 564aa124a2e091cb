internal import Runtime
internal import Yams

/// One mapping of a specification: its values by key, with what is wrong about them going to `problems`.
struct SpecSection {
    /// Where it is in the document; empty for the root.
    let path: String
    /// The line that it begins in.
    let line: Int
    private let values: [String: Node]
    private let problems: SpecProblems

    /// - Parameters:
    ///   - node: nil for a section that is left out: all its values are then the defaults.
    ///   - keys: all that are known; others are problems.
    init(_ node: Node?, path: String, line: Int, keys: [String], problems: SpecProblems) {
        self.path = path
        self.line = node?.mark?.line ?? line
        self.problems = problems
        guard let node else {
            values = [:]
            return
        }
        guard let mapping = node.mapping else {
            problems.add(
                line: self.line, path: path, "is no mapping; expected the keys \(keys.joined(separator: ", "))")
            values = [:]
            return
        }
        var values: [String: Node] = [:]
        for (key, value) in mapping {
            let name = key.scalar?.string ?? ""
            if keys.contains(name) {
                values[name] = value
                continue
            }
            let hint = EditDistance.nearest(to: name, in: keys).map { "did you mean \($0)?" }
            problems.add(
                line: key.mark?.line ?? self.line, path: Self.join(path, name),
                "is no known key; \(hint ?? "allowed here: \(keys.joined(separator: ", "))")")
        }
        self.values = values
    }

    /// Whether the key is there.
    func has(_ key: String) -> Bool { values[key] != nil }

    /// A problem with a value of this section, or with the whole of it.
    func problem(_ key: String? = nil, _ message: String) {
        problems.add(line: line(of: key), path: key.map { Self.join(path, $0) } ?? path, message)
    }

    /// A text; an empty one stands for what is missing or wrong, after a problem was noted.
    func text(_ key: String, default standard: String? = nil, _ rule: TextRule = .notEmpty) -> String {
        guard let text = scalar(key, expected: rule.allowed) else {
            if standard == nil, values[key] == nil { problem(key, "is missing; expected \(rule.allowed)") }
            return standard ?? ""
        }
        guard rule.holds(text) else {
            problem(key, "“\(text)” is not allowed; expected \(rule.allowed)")
            return standard ?? ""
        }
        return text
    }

    /// A text that may be left out.
    func optionalText(_ key: String, _ rule: TextRule = .notEmpty) -> String? {
        values[key] == nil ? nil : text(key, rule)
    }

    /// One of the cases.
    func choice<Choice: RawRepresentable<String> & CaseIterable>(_ key: String, default standard: Choice) -> Choice {
        let allowed = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        guard let text = scalar(key, expected: allowed) else { return standard }
        guard let choice = Choice(rawValue: text) else {
            problem(key, "“\(text)” is not allowed; expected one of \(allowed)")
            return standard
        }
        return choice
    }

    /// A whole number.
    func integer(_ key: String, in range: ClosedRange<Int>, default standard: Int) -> Int {
        value(key, "a whole number from \(range.lowerBound) to \(range.upperBound)", default: standard) { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// A whole number out of a few.
    func integer(_ key: String, oneOf allowed: [Int], default standard: Int) -> Int {
        value(key, "one of " + allowed.map(String.init).joined(separator: ", "), default: standard) { text in
            Int(text).flatMap { allowed.contains($0) ? $0 : nil }
        }
    }

    /// A number of bytes in Mi or Gi.
    func quantity(_ key: String, in range: ClosedRange<Quantity>, default standard: Quantity) -> Quantity {
        let allowed = "\(range.lowerBound) to \(range.upperBound), in Mi or Gi"
        return value(key, allowed, quoted: true, default: standard) { text in
            Quantity(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// `true` or `false`.
    func boolean(_ key: String, default standard: Bool) -> Bool {
        value(key, "true or false", quoted: true, default: standard) { Bool($0) }
    }

    /// - Parameters:
    ///   - quoted: how a wrong value is shown.
    ///   - parse: nil for what is not allowed.
    private func value<Value>(
        _ key: String, _ allowed: String, quoted: Bool = false, default standard: Value, _ parse: (String) -> Value?
    ) -> Value {
        guard let text = scalar(key, expected: allowed) else { return standard }
        guard let value = parse(text) else {
            problem(key, "\(quoted ? "“\(text)”" : text) is not allowed; expected \(allowed)")
            return standard
        }
        return value
    }

    /// A section inside; its defaults when it is left out.
    func section(_ key: String, keys: [String]) -> SpecSection {
        SpecSection(values[key], path: Self.join(path, key), line: line, keys: keys, problems: problems)
    }

    /// The sections of a list.
    /// - Parameter required: whether there must be one.
    func sections(_ key: String, keys: [String], required: Bool) -> [SpecSection] {
        list(key, required: required).enumerated().map { index, node in
            SpecSection(node, path: "\(Self.join(path, key))[\(index)]", line: line, keys: keys, problems: problems)
        }
    }

    /// A list of texts.
    func texts(_ key: String, required: Bool, _ rule: TextRule = .notEmpty) -> [String] {
        list(key, required: required).enumerated().compactMap { index, node in
            if let text = node.scalar?.string, rule.holds(text) { return text }
            problems.add(
                line: node.mark?.line ?? line, path: "\(Self.join(path, key))[\(index)]",
                "is not allowed; expected \(rule.allowed)")
            return nil
        }
    }

    /// A mapping whose keys are the user's, in the order of the document.
    func entries(_ key: String) -> [SpecEntry] {
        guard let node = values[key] else { return [] }
        guard let mapping = node.mapping else {
            problem(key, "is no mapping; expected NAME: value")
            return []
        }
        return mapping.map { name, value in
            SpecEntry(
                name: name.scalar?.string ?? "", node: value,
                path: Self.join(Self.join(path, key), name.scalar?.string ?? ""),
                line: name.mark?.line ?? line, problems: problems)
        }
    }

    private func list(_ key: String, required: Bool) -> [Node] {
        guard let node = values[key] else {
            if required { problem(key, "is missing; expected a list with at least one entry") }
            return []
        }
        guard let sequence = node.sequence else {
            problem(key, "is no list; begin each entry with “- ”")
            return []
        }
        if required, sequence.isEmpty { problem(key, "is empty; expected at least one entry") }
        return Array(sequence)
    }

    private func scalar(_ key: String, expected: String) -> String? {
        guard let node = values[key] else { return nil }
        guard let scalar = node.scalar, node.tag != Tag(.null) else {
            problem(
                key,
                node.scalar == nil
                    ? "is no single value; expected \(expected)"
                    : "has no value; expected \(expected), or remove the key")
            return nil
        }
        return scalar.string
    }

    private func line(of key: String?) -> Int { key.flatMap { values[$0]?.mark?.line } ?? line }

    private static func join(_ path: String, _ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
}
