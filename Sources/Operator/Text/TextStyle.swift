/// Emphasis on a terminal; nothing elsewhere.
package struct TextStyle: Sendable, Hashable {
    /// Whether escape sequences are written.
    package let isColoured: Bool

    /// Text without any escape sequence.
    package static let plain = TextStyle(isColoured: false)

    /// Makes a style.
    package init(isColoured: Bool) {
        self.isColoured = isColoured
    }

    /// A heading.
    package func heading(_ text: String) -> String { wrap(text, "1") }
    /// Something in good order.
    package func good(_ text: String) -> String { wrap(text, "32") }
    /// Something to look at.
    package func warning(_ text: String) -> String { wrap(text, "33") }
    /// Something that is wrong.
    package func failure(_ text: String) -> String { wrap(text, "31") }
    /// A detail.
    package func detail(_ text: String) -> String { wrap(text, "2") }

    private func wrap(_ text: String, _ code: String) -> String {
        isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
