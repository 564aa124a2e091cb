internal import SwiftProtobuf

/// The limit for the message that destinations get for an event: `{"event":{…},"metadata":{…}}`.
///
/// Whether an event keeps it is known only once it is rendered. But JSON is at most so many times as large as what it is
/// made from, and nearly all events are far too small to get there: for them one comparison says so.
package struct RenderedSizeLimit: Sendable {
    /// From this size on (bytes of JSON) no destination takes a message.
    package static let standardMessageBytes = 10_000_000

    /// JSON has at most so many bytes for each byte on the wire, apart from ``fixedBytes``: a control character becomes
    /// `\u0001`. Whatever can stand in a message any number of times (characters, map entries, elements of lists) keeps
    /// to that; numbers and words are below 3.
    package static let expansion = 6
    /// What an event or a stream's metadata may have on top (bytes): names, brackets and numbers that can stand in it
    /// once. The tests have the largest.
    package static let fixedBytes = 1024

    /// Events with fewer bytes on the wire keep the limit.
    let checkedBytes: Int
    /// Bytes of JSON for event and metadata together.
    private let availableBytes: Int
    private let metadata: [UInt8]
    private let migratesLegacyMetadata: Bool

    /// What stands around event and metadata.
    private static let frameBytes = #"{"event":,"metadata":}"#.utf8.count

    /// The limit for a stream's events.
    ///
    /// - Parameters:
    ///   - metadata: an encoded `RecordEventsRequestMetadata`, which is part of each message.
    ///   - migratesLegacyMetadata: as for ``MessageRenderer``.
    ///   - messageBytes: the least size (bytes of JSON) that is refused.
    package init(
        metadata: [UInt8], migratesLegacyMetadata: Bool, messageBytes: Int = RenderedSizeLimit.standardMessageBytes
    ) {
        self.metadata = metadata
        availableBytes = messageBytes - 1 - Self.frameBytes
        let eventBytes = availableBytes - Self.mostBytes(of: metadata)
        checkedBytes = max(0, (eventBytes - Self.fixedBytes) / Self.expansion)
        self.migratesLegacyMetadata = migratesLegacyMetadata
    }

    /// Whether an event and metadata of so many bytes together may become a message that is too large.
    static func isWithinReach(ofWireBytes count: Int) -> Bool {
        count >= (standardMessageBytes - frameBytes - 2 * fixedBytes) / expansion
    }

    /// The most JSON that metadata can become.
    private static func mostBytes(of metadata: [UInt8]) -> Int { expansion * metadata.count + fixedBytes }

    /// The most JSON (bytes) that an event may become. Worked out only for events that may reach it: nearly no stream has
    /// one, and no call should have to render its metadata for that.
    private var eventBytes: Int {
        let decoded = try? Telemetrygateway_V1_RecordEventsRequestMetadata(serializedBytes: metadata)
        let rendered: [UInt8]? = try? decoded?.jsonUTF8Bytes(options: MessageRenderer.options)
        return availableBytes - (rendered?.count ?? Self.mostBytes(of: metadata))
    }

    /// Why the event is refused; nil for one that keeps the limit.
    ///
    /// - Parameter event: an encoded `Event` that breaks no other rule.
    package func refusal(of event: UnsafeRawBufferPointer) -> RefusalReason? {
        guard event.count >= checkedBytes else { return nil }
        let eventBytes = eventBytes
        var meter = EventMeter(migratesLegacyMetadata: migratesLegacyMetadata)
        if case .bytes(let count) = meter.measure(event) { return count > eventBytes ? .oversized : nil }
        // Decoded and encoded again it has the shape that the meter knows, as when it is rendered.
        guard var decoded = try? MessageRenderer.decode(event) else { return .notRenderable }
        if migratesLegacyMetadata { LegacyMetadata.migrate(&decoded) }
        guard let plain = MessageRenderer.encode(decoded) else { return .notRenderable }
        switch plain.withUnsafeBytes({ meter.measure($0) }) {
        case .bytes(let count): return count > eventBytes ? .oversized : nil
        // No key repeats now, and the shortest member, `"":0,`, times their number is above the limit.
        case .tooManyEntries: return .oversized
        case .declined: return .notRenderable
        }
    }
}
