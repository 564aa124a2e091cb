package import Contract

/// Rendered messages for one request: a range of an arena's messages, delivered in order.
package struct DeliveryRequest: Sendable {
    /// Holds the bytes of the messages (and possibly of others).
    package let arena: MessageArena

    /// Indices into `arena.messages`; not empty and within bounds.
    package let messages: Range<Int>

    /// All messages of the arena.
    package init(arena: MessageArena) {
        self.init(arena: arena, messages: arena.messages.indices)
    }

    /// Some messages of the arena. The range is clamped to the arena's messages.
    package init(arena: MessageArena, messages: Range<Int>) {
        self.arena = arena
        self.messages = messages.clamped(to: arena.messages.indices)
    }

    /// The same messages in an arena of their own.
    package func detached() -> DeliveryRequest { DeliveryRequest(arena: arena.extracting(messages)) }
}
