/// What a destination took.
package struct DeliveryReceipt: Sendable, Hashable {
    /// Messages delivered: always all of the request.
    package let messages: Int

    /// Encoded bytes handed to the destination.
    package let bytes: Int

    /// Makes a receipt.
    package init(messages: Int, bytes: Int) {
        self.messages = messages
        self.bytes = bytes
    }
}
