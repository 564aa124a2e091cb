/// The attributes that downstream pipelines route by, next to each message.
enum RoutingAttributes {
    static let source = "publisher.source"
    static let feature = "event.feature"
    static let action = "event.action"
    static let hasPrivateMetadata = "event.hasPrivateMetadata"
    /// In front of a metadata key that became an attribute.
    static let promotedPrefix = "event."
    /// Metadata keys that begin like this announce private metadata of a kind.
    static let recordsPrefix = "recordsPrivateMetadata"
    /// Bytes that must follow ``recordsPrefix`` for a key to count.
    static let recordsMinimumSuffixBytes = 2

    /// Appends the attributes of a migrated event: the four fixed ones, then the promoted keys in order.
    static func append(of event: Telemetrygateway_V1_Event, source: String, to arena: inout MessageArena) {
        arena.appendAttribute(key: Self.source, value: source)
        arena.appendAttribute(key: feature, value: event.feature)
        arena.appendAttribute(key: action, value: event.action)
        arena.appendAttribute(
            key: hasPrivateMetadata, value: event.parameters.hasPrivateMetadata ? "true" : "false")
        for key in promotedKeys(of: event.parameters.metadata) {
            arena.appendAttribute(key: promotedPrefix + key, value: "true")
        }
    }

    private static func promotedKeys(of metadata: [String: Double]) -> [String] {
        let minimumBytes = recordsPrefix.utf8.count + recordsMinimumSuffixBytes
        return metadata.filter { key, value in
            // Bytes, not characters: equality of Swift strings is canonical equivalence.
            value > 0 && key.utf8.count >= minimumBytes && key.utf8.starts(with: recordsPrefix.utf8)
        }.keys.sorted()
    }
}
