/// A text that no log, error or dump may show.
package struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The text itself, for the wire only.
    package let value: String

    /// Wraps a text.
    package init(_ value: String) {
        self.value = value
    }

    package var description: String { "<redacted>" }

    package var debugDescription: String { description }

    package var customMirror: Mirror { Mirror(self, children: []) }
}
