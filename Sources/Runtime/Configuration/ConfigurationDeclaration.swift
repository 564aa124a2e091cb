/// What a key is, apart from its value.
package struct ConfigurationDeclaration: Sendable {
    /// The name, in the environment and in the file alike.
    package var name: String
    /// The type as told to people.
    package var type: String
    /// The unit, nil where the type tells it.
    package var unit: String?
    /// The allowed values as told to people, nil for all of the type.
    package var allowed: String?
    /// What the key does.
    package var meaning: String
    /// Whether the value must never be printed.
    package var secret: Bool
    /// Whether the process refuses to start without it.
    package var required: Bool

    package init(
        name: String, type: String, unit: String? = nil, allowed: String? = nil, meaning: String,
        secret: Bool = false, required: Bool = false
    ) {
        self.name = name
        self.type = type
        self.unit = unit
        self.allowed = allowed
        self.meaning = meaning
        self.secret = secret
        self.required = required
    }

    /// Completes "expected …" in a problem.
    var expected: String {
        let subject = [type, unit.map { "in \($0)" }].compactMap { $0 }.joined(separator: " ")
        guard let allowed else { return subject }
        return "\(subject), \(allowed)"
    }
}
