/// What a scanner must know of a stream beyond its messages: whose events they are, and how large they may become.
package struct StreamScope: Sendable {
    /// Whose events they are.
    package let sender: SenderScope
    let sizeLimit: RenderedSizeLimit

    /// Prepares a stream whose metadata has arrived.
    ///
    /// - Parameters:
    ///   - identity: who sends.
    ///   - metadata: the encoded `RecordEventsRequestMetadata`.
    ///   - migratesLegacyMetadata: as for ``MessageRenderer``.
    package init(identity: Identity, metadata: [UInt8], migratesLegacyMetadata: Bool = true) {
        sender = SenderScope(identity)
        sizeLimit = RenderedSizeLimit(metadata: metadata, migratesLegacyMetadata: migratesLegacyMetadata)
    }

    /// The fingerprint that a scan with this scope notes for an accepted event.
    ///
    /// - Parameter event: an encoded `Event`.
    /// - Returns: nil for an event without an id, and for bytes that are no protobuf message.
    package func fingerprint(of event: UnsafeRawBufferPointer) -> (UInt64, UInt64)? {
        sender.fingerprint(of: event)
    }
}
