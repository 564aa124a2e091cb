internal import Contract

/// What a message gets on its way to Pub/Sub beyond what was rendered. Costs nothing where nothing is set.
struct PublishAdditions: Sendable {
    private static let clientPaths: [[StaticString]] = [
        ["metadata", "identifier", "licensedInstance", "instanceId"],
        ["metadata", "identifier", "unlicensedInstance", "instanceId"],
        ["metadata", "identifier", "managedService", "serviceId"],
    ]

    /// The attribute for the event's id; nil for none.
    let eventIDKey: [UInt8]?
    private let orderingKey: PubSubSettings.OrderingKey

    init(eventIDAttribute: String? = nil, orderingKey: PubSubSettings.OrderingKey = .none) {
        eventIDKey = eventIDAttribute.map { Array($0.utf8) }
        self.orderingKey = orderingKey
    }

    var setsOrderingKeys: Bool { orderingKey != .none }

    /// The event's id; nil when it is not wanted, or longer than an attribute may be: then the event travels without.
    func eventID(of message: RenderedMessage, in arena: MessageArena) -> [UInt8]? {
        guard eventIDKey != nil, let id = Self.text(["event", "id"], of: message, in: arena),
            id.count <= PubSubLimits.attributeValueBytes
        else { return nil }
        return id
    }

    /// The ordering key; nil for none.
    func orderingKey(of message: RenderedMessage, in arena: MessageArena) -> [UInt8]? {
        guard setsOrderingKeys else { return nil }
        for path in Self.clientPaths {
            guard let id = Self.text(path, of: message, in: arena) else { continue }
            return id.isEmpty ? nil : Self.cut(id)
        }
        return nil
    }

    private static func text(
        _ path: [StaticString], of message: RenderedMessage, in arena: MessageArena
    ) -> [UInt8]? {
        arena.bytes.withUnsafeBytes { bytes in
            RenderedText.find(path, in: UnsafeRawBufferPointer(rebasing: bytes[message.data]))
        }
    }

    // Clients whose ids begin alike for a kilobyte share a key: that costs order among them, never an event.
    private static func cut(_ id: [UInt8]) -> [UInt8] {
        guard id.count > PubSubLimits.orderingKeyBytes else { return id }
        var end = PubSubLimits.orderingKeyBytes
        while end > 0, id[end] & 0xC0 == 0x80 { end -= 1 }
        return Array(id[..<end])
    }
}
