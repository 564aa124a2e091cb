/// Stored bytes that cannot be rendered. The scanner lets nothing through that would cause it, so it means damage or
/// bytes of another version.
package struct RenderError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What could not be rendered.
    package enum Code: String, Sendable, Hashable, CaseIterable {
        /// The stream's metadata does not decode or has no JSON.
        case metadata
        /// The event's bytes do not decode.
        case undecodable
        /// The event decodes but JSON cannot express it.
        case unrenderable
    }

    package let code: Code
    /// What failed, and how.
    package let message: String

    package init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { "\(code.rawValue): \(message)" }
}
