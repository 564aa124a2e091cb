internal import SwiftProtobuf

/// One JSON object as OAuth 2.0 endpoints answer: a few members are known, others of any shape are passed over.
struct AccountJSON: Sendable {
    /// Deepest nesting that is read.
    private static let maximumDepth = 32

    private let fields: [String: Google_Protobuf_Value]

    /// Nil when the body is not one JSON object.
    init?(_ body: [UInt8]) {
        var options = JSONDecodingOptions()
        options.messageDepthLimit = Self.maximumDepth
        guard let object = try? Google_Protobuf_Struct(jsonUTF8Bytes: body, options: options) else { return nil }
        fields = object.fields
    }

    /// A member that is a text.
    func string(_ name: String) -> String? {
        guard case .stringValue(let text) = fields[name]?.kind else { return nil }
        return text
    }

    /// A member that is true or false.
    func boolean(_ name: String) -> Bool? {
        guard case .boolValue(let value) = fields[name]?.kind else { return nil }
        return value
    }

    /// A member that is a number, or a text of a number as some servers write it. Always finite.
    func number(_ name: String) -> Double? {
        switch fields[name]?.kind {
        case .numberValue(let number): number.isFinite ? number : nil
        case .stringValue(let text): Double(text).flatMap { $0.isFinite ? $0 : nil }
        default: nil
        }
    }
}
