/// One attribute of a span. Names are those of OpenTelemetry's semantic conventions where there is one, else `gateway.…`.
package struct SpanAttribute: Sendable, Hashable {
    /// What an attribute may hold.
    package enum Value: Sendable, Hashable {
        /// A text, cut to ``SpanAttribute/maximumTextLength``.
        case text(String)
        /// A whole number.
        case integer(Int)
    }

    /// Characters of a text that are kept: some come from senders.
    package static let maximumTextLength = 256

    /// The name.
    package let name: String
    /// The value.
    package let value: Value

    /// An attribute with a text.
    package init(_ name: String, _ text: String) {
        self.name = name
        value = .text(text.utf8.count > Self.maximumTextLength ? String(text.prefix(Self.maximumTextLength)) : text)
    }

    /// An attribute with a number.
    package init(_ name: String, _ number: Int) {
        self.name = name
        value = .integer(number)
    }
}
