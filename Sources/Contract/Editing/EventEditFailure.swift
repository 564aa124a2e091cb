/// Why an edit is not understood, or can not be made on an event.
package struct EventEditFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// Bytes of the edit's text before the place at fault; nil when it is the edited event that is at fault.
    package let position: Int?
    /// What is wrong and what would be right.
    package let message: String

    init(position: Int? = nil, _ message: String) {
        self.position = position
        self.message = message
    }

    package var description: String {
        position.map { "the edit at position \($0 + 1): \(message)" } ?? message
    }
}
