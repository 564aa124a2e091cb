package import Store

/// What a destination took.
package struct DeliveryReceipt: Sendable, Hashable {
    /// Messages delivered: always all of the request.
    package let messages: Int

    /// Encoded bytes handed to the destination.
    package let bytes: Int

    /// What the destination calls the messages.
    package let references: DeliveryReferences

    /// Makes a receipt.
    package init(messages: Int, bytes: Int, references: DeliveryReferences = .none) {
        self.messages = messages
        self.bytes = bytes
        self.references = references
    }
}
