/// A body that is not what its content type says, or more than is taken. Nothing of it is used.
package struct EventBodyError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of problem it is, stable, for clients, metrics and tests.
    package enum Code: String, Sendable, Hashable, CaseIterable {
        /// A JSON body without a value in it.
        case empty = "empty_body"
        /// Compressed, or in an encoding other than UTF-8.
        case notText = "not_utf8_text"
        /// JSON of another shape than the content type says.
        case wrongShape = "wrong_shape"
        /// An array that is no JSON.
        case malformed = "malformed_json"
        /// An array without its end.
        case truncated = "truncated_json"
        /// More bytes than ``EventBodyLimits/bodyBytes``, or more than ``EventBodyLimits/wireBytes`` once decoded.
        case tooLarge = "body_too_large"
        /// More items than ``EventBodyLimits/items``.
        case tooManyItems = "too_many_items"
    }

    package let code: Code
    /// What is wrong, where, and what the sender can do.
    package let message: String
    /// Bytes from the start of the body to where it was noticed.
    package let offset: Int

    package init(_ code: Code, _ message: String, offset: Int = 0) {
        self.code = code
        self.message = message
        self.offset = offset
    }

    /// Whether the body is refused for its size alone.
    package var isSize: Bool { code == .tooLarge || code == .tooManyItems }

    package var description: String { "\(code.rawValue): \(message)" }
}
