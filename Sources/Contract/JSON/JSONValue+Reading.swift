extension JSONValue {
    /// Arrays and objects inside each other that are read; what SwiftProtobuf takes.
    package static let maximumDepth = 100

    /// Why a text is no JSON.
    package struct Problem: Error, Sendable, Hashable {
        /// Bytes before the place where it stops being JSON.
        package let offset: Int
    }

    /// Reads one JSON value with nothing but white space around it.
    package static func read(_ bytes: [UInt8]) throws(Problem) -> JSONValue {
        do throws(JSONReader.Fault) {
            return JSONValue(try JSONReader.read(bytes, maximumDepth: maximumDepth))
        } catch {
            throw Problem(offset: error.offset)
        }
    }

    init(_ node: JSONNode) {
        switch node {
        case .null: self = .null
        case .bool(let flag): self = .bool(flag)
        case .number(let text): self = Int64(text).map { .number($0) } ?? .decimal(text)
        case .string(let text): self = .string(text)
        case .array(let elements): self = .array(elements.map { JSONValue($0) })
        case .object(let members): self = .object(members.map { Member($0.name, JSONValue($0.value)) })
        }
    }

    /// The last member of that name; nil for none, and for what is no object.
    package subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.name == name }?.value
    }

    /// The text; nil for anything else.
    package var text: String? { if case .string(let text) = self { text } else { nil } }
    /// The whole number; nil for anything else.
    package var integer: Int64? { if case .number(let number) = self { number } else { nil } }
    /// True or false; nil for anything else.
    package var flag: Bool? { if case .bool(let flag) = self { flag } else { nil } }
    /// The elements; nil for what is no array.
    package var elements: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
    /// The number; nil for anything else.
    package var double: Double? {
        switch self {
        case .number(let number): Double(number)
        case .decimal(let text): Double(text)
        default: nil
        }
    }

    /// What kind of value it is, for people.
    package var kind: String {
        switch self {
        case .object: "an object"
        case .array: "an array"
        case .string: "a text"
        case .number, .decimal: "a number"
        case .bool: "true or false"
        case .null: "null"
        }
    }
}
