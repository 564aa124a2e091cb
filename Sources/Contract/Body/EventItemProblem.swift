internal import SwiftProtobuf

/// Why one item of a body is no event. Its neighbours are not touched by it.
package struct EventItemProblem: Sendable, Hashable, CustomStringConvertible {
    /// What kind of problem it is, stable, for clients and tests.
    package enum Code: String, Sendable, Hashable, CaseIterable {
        case notObject = "not_an_object"
        /// No JSON, or a value that its field can not have: SwiftProtobuf does not tell them apart.
        case invalid = "invalid_event"
        case unknownField = "unknown_field"
        case invalidUTF8 = "invalid_utf8"
        case tooLong = "item_too_long"
        case tooDeep = "nested_too_deeply"
    }

    package let code: Code
    /// What is wrong with the item and what to do; never a piece of the item but the name of a field.
    package let message: String
    /// The line of the body, or the element of the array, counted from 1.
    package let number: Int
    /// Where the item begins, in bytes from the start of the body.
    package let offset: Int

    package var description: String { "\(code.rawValue): \(message)" }
}

extension EventItemProblem {
    /// Longest name of a field that is repeated in a text (bytes).
    private static let longestName = 100

    /// - Parameter item: the bytes that SwiftProtobuf refused with `error`.
    init(_ error: any Error, in item: ArraySlice<UInt8>, number: Int, offset: Int) {
        var (code, message) = Self.explain(error)
        if String(validating: item, as: UTF8.self) == nil {
            (code, message) = (.invalidUTF8, "is not valid UTF-8")
        }
        self.init(code: code, message: message, number: number, offset: offset)
    }

    private static func explain(_ error: any Error) -> (Code, String) {
        guard let error = error as? JSONDecodingError else { return (.invalid, "can not be decoded") }
        return switch error {
        case .unknownField(let name):
            (
                .unknownField,
                "has the field \(shown(name)), which the contract does not have; leave it out, or check its spelling"
            )
        // SwiftProtobuf says so of numbers that no double can hold, too; what is no UTF-8 never gets here.
        case .invalidUTF8: (.invalid, "has a number that does not fit its field")
        case .messageDepthLimit: (.tooDeep, "is nested too deeply; flatten the private metadata")
        case .truncated: (.invalid, "ends in the middle of the JSON object")
        case .trailingGarbage: (.invalid, "has something behind the JSON object")
        case .malformedNumber, .leadingZero:
            (.invalid, "has a malformed number, or something else where a number is expected")
        case .malformedString:
            (.invalid, "has a malformed string, or something else where a string is expected")
        case .malformedMap: (.invalid, "has a malformed map, or a map with the same key twice")
        case .missingFieldNames, .unquotedMapKey: (.invalid, "has a malformed object")
        case .malformedTimestamp: (.invalid, "has a timestamp that is not like 2026-01-31T23:59:59.123Z")
        case .malformedBool: (.invalid, "has a value other than true or false where one of them is expected")
        case .numberRange: (.invalid, "has a number that does not fit its field")
        case .illegalNull: (.invalid, "has a null where a value is expected")
        case .conflictingOneOf: (.invalid, "has two values where the contract allows one")
        case .schemaMismatch, .unrecognizedEnumValue:
            (.invalid, "has a field whose value is of another type than the contract's")
        default: (.invalid, "is no valid event")
        }
    }

    private static func shown(_ name: String) -> String {
        name.utf8.count <= longestName ? "\"\(name)\"" : "of a very long name"
    }
}
