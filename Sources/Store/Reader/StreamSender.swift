/// Who a stream's events are from, as its row says it.
package struct StreamSender: Sendable, Hashable {
    /// The client.
    package let name: String
    /// Its kind or service.
    package let source: String

    /// Names a sender.
    package init(name: String, source: String) {
        self.name = name
        self.source = source
    }
}
