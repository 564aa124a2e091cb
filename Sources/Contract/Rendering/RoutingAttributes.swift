internal import Glibc

/// The attributes that downstream pipelines route by, next to each message.
enum RoutingAttributes {
    static let source: StaticString = "publisher.source"
    static let feature: StaticString = "event.feature"
    static let action: StaticString = "event.action"
    static let hasPrivateMetadata: StaticString = "event.hasPrivateMetadata"
    /// The W3C `traceparent` of the call that brought the event, when it had one.
    static let traceparent: StaticString = "traceparent"
    /// In front of a metadata key that became an attribute.
    static let promotedPrefix: StaticString = "event."
    /// Metadata keys that begin like this announce private metadata of a kind.
    static let recordsPrefix: StaticString = "recordsPrivateMetadata"
    /// Bytes that must follow ``recordsPrefix`` for a key to count.
    static let recordsMinimumSuffixBytes = 2

    /// Appends the attributes of an event that is as it will be rendered: the four fixed ones, then the promoted keys in
    /// order, then the trace.
    static func append(
        of event: Telemetrygateway_V1_Event, source: String, traceparent: String, to arena: inout MessageArena
    ) {
        arena.appendAttribute(key: Self.source.description, value: source)
        arena.appendAttribute(key: feature.description, value: event.feature)
        arena.appendAttribute(key: action.description, value: event.action)
        arena.appendAttribute(
            key: hasPrivateMetadata.description, value: event.parameters.hasPrivateMetadata ? "true" : "false")
        for key in promotedKeys(of: event.parameters.metadata) {
            arena.appendAttribute(key: promotedPrefix.description + key, value: "true")
        }
        if !traceparent.isEmpty { arena.appendAttribute(key: Self.traceparent.description, value: traceparent) }
    }

    private static func promotedKeys(of metadata: [String: Double]) -> [String] {
        metadata.filter { key, value in
            var key = key
            return value > 0 && key.withUTF8(isRecordsKey)
        }.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Whether a metadata key becomes an attribute when its value is above 0.
    @inline(__always)
    static func isRecordsKey(_ key: UnsafeBufferPointer<UInt8>) -> Bool {
        let prefixBytes = recordsPrefix.utf8CodeUnitCount
        guard key.count >= prefixBytes + recordsMinimumSuffixBytes, let start = key.baseAddress else { return false }
        // Bytes, not characters: equality of Swift strings is canonical equivalence.
        return memcmp(start, recordsPrefix.utf8Start, prefixBytes) == 0
    }
}
