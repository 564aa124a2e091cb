/// A value of a rendered document, YAML and JSON alike. Members keep the order in which they are written.
package indirect enum DocumentValue: Sendable, Equatable {
    case text(String)
    case integer(Int)
    case number(Double)
    case boolean(Bool)
    case list([DocumentValue])
    case object([DocumentMember])

    /// An object without the members that are nil.
    static func object(_ members: KeyValuePairs<String, DocumentValue?>) -> DocumentValue {
        .object(members.compactMap { name, value in value.map { DocumentMember(name: name, value: $0) } })
    }

    /// An object of texts, sorted by name.
    static func texts(_ values: [String: String]) -> DocumentValue {
        .object(values.sorted { $0.key < $1.key }.map { DocumentMember(name: $0.key, value: .text($0.value)) })
    }

    /// The object with these members behind its own; anything else stays as it is.
    func adding(_ more: [DocumentMember]) -> DocumentValue {
        guard case .object(let members) = self else { return self }
        return .object(members + more)
    }
}

extension DocumentValue: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .text(value) }
    package init(integerLiteral value: Int) { self = .integer(value) }
    package init(floatLiteral value: Double) { self = .number(value) }
    package init(booleanLiteral value: Bool) { self = .boolean(value) }
    package init(arrayLiteral elements: DocumentValue...) { self = .list(elements) }
    package init(dictionaryLiteral elements: (String, DocumentValue)...) {
        self = .object(elements.map { DocumentMember(name: $0.0, value: $0.1) })
    }
}
