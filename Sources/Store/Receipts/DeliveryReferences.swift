/// What a destination calls the messages that it took.
package enum DeliveryReferences: Sendable, Hashable {
    /// It says nothing.
    case none
    /// A number for each message, in their order: Pub/Sub's message ids.
    case numbers([UInt64])
    /// A text for each message, in their order.
    case texts([String])
    /// One place for all of them: a file.
    case place(String)

    /// Bytes of a place or a text that are kept.
    static let maximumTextBytes = 1024

    /// Whether it can belong to so many messages.
    func fits(_ messages: Int) -> Bool {
        switch self {
        case .none, .place: true
        case .numbers(let numbers): numbers.count == messages
        case .texts(let texts): texts.count == messages
        }
    }
}
