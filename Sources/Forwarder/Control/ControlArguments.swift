internal import Contract

/// The arguments of a command, read strictly: what has another type than expected is an error, not a default.
struct ControlArguments {
    private let json: JSONValue

    init(_ json: JSONValue) {
        self.json = json
    }

    /// A text; nil when it is missing or null.
    func text(_ name: String) throws(ControlFailure) -> String? { try read(name, "a text", \.text) }

    /// A whole number; nil when it is missing or null.
    func integer(_ name: String) throws(ControlFailure) -> Int64? { try read(name, "a whole number", \.integer) }

    /// True or false; false when it is missing or null.
    func flag(_ name: String) throws(ControlFailure) -> Bool { try read(name, "true or false", \.flag) ?? false }

    /// Events a second; nil when it is missing or null.
    func rate(_ name: String) throws(ControlFailure) -> Double? {
        let rate = try read(name, "a number", \.double)
        if let rate, !(rate.isFinite && rate > 0) {
            throw ControlFailure(.invalid, "“\(name)” is not above zero")
        }
        return rate
    }

    /// Texts; none when they are missing or null.
    func texts(_ name: String) throws(ControlFailure) -> [String] {
        let elements = try read(name, "an array of texts", \.elements) ?? []
        let texts = elements.compactMap(\.text)
        guard texts.count == elements.count else {
            throw ControlFailure(.invalid, "“\(name)” must be an array of texts")
        }
        return texts
    }

    /// An object; without members when it is missing or null.
    func object(_ name: String) throws(ControlFailure) -> ControlArguments {
        let object = try read(name, "an object") { (json) -> JSONValue? in
            if case .object = json { json } else { nil }
        }
        return ControlArguments(object ?? .object([]))
    }

    private func read<Value>(
        _ name: String, _ kind: String, _ value: (JSONValue) -> Value?
    ) throws(ControlFailure) -> Value? {
        guard let member = json[name], member != .null else { return nil }
        guard let value = value(member) else { throw ControlFailure(.invalid, "“\(name)” must be \(kind)") }
        return value
    }
}
