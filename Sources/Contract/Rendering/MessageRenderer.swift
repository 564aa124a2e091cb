internal import SwiftProtobuf

/// Renders stored events of one stream as the messages that destinations get:
/// `{"event":{…},"metadata":{…}}` and routing attributes.
package struct MessageRenderer: Sendable {
    /// The value of `publisher.source` on each message.
    package let source: String
    private let metadataJSON: [UInt8]
    private let migratesLegacyMetadata: Bool
    private let traceparent: String
    private var transcoder: MessageTranscoder

    /// Prepares a stream: its metadata is rendered once.
    ///
    /// - Parameters:
    ///   - metadata: an encoded `RecordEventsRequestMetadata`.
    ///   - migratesLegacyMetadata: whether `legacy_metadata` is moved into `metadata`, as it always was for streams and
    ///     never for unary calls.
    ///   - traceparent: becomes the attribute `traceparent` of each message unless it is empty.
    /// - Throws: ``RenderError`` with code `metadata` when it does not decode.
    package init(
        metadata: [UInt8], migratesLegacyMetadata: Bool = true, traceparent: String = ""
    ) throws(RenderError) {
        self.migratesLegacyMetadata = migratesLegacyMetadata
        self.traceparent = traceparent
        do {
            let decoded = try Telemetrygateway_V1_RecordEventsRequestMetadata(serializedBytes: metadata)
            metadataJSON = try decoded.jsonUTF8Bytes(options: Self.options)
            source = StreamMetadata(decoded).source
        } catch {
            throw RenderError(code: .metadata, message: "stream metadata cannot be rendered: \(error)")
        }
        transcoder = MessageTranscoder(
            metadataJSON: metadataJSON, source: source, migratesLegacyMetadata: migratesLegacyMetadata,
            traceparent: traceparent)
    }

    /// What the messages of so many events will probably take, with their attributes (bytes).
    ///
    /// - Parameter wireBytes: the events' bytes as they are stored.
    package func estimatedBytes(events: Int, wireBytes: Int) -> Int {
        // Names and digits make JSON of usual events about 1.6 times as long as the wire; attributes are some 160 bytes.
        wireBytes &+ wireBytes / 4 &* 3 &+ events &* (metadataJSON.count &+ 192)
    }

    /// Map entries in the order of their keys, so that the same event always gives the same bytes.
    static var options: JSONEncodingOptions {
        var options = JSONEncodingOptions()
        options.useDeterministicOrdering = true
        return options
    }

    /// Renders one event and appends it to the arena.
    ///
    /// - Parameter event: an encoded `Event`.
    /// - Throws: ``RenderError``; the arena is unchanged then.
    package mutating func render(
        event: UnsafeRawBufferPointer, into arena: inout MessageArena
    ) throws(RenderError) {
        if transcoder.transcode(event, into: &arena) { return }
        var decoded = try Self.decode(event)
        if migratesLegacyMetadata { LegacyMetadata.migrate(&decoded) }
        // Encoded again it has the shape that the transcoder knows, and comes out like any other event.
        if let plain = Self.encode(decoded) {
            let isTranscoded = plain.withUnsafeBytes { transcoder.transcode($0, into: &arena) }
            if isTranscoded { return }
        }
        try append(decoded, to: &arena)
    }

    /// Renders one event without an attempt to decode it. For tests and measurements.
    ///
    /// - Returns: false when the event is of a shape that ``render(event:into:)`` decodes; the arena is unchanged then.
    package mutating func transcode(event: UnsafeRawBufferPointer, into arena: inout MessageArena) -> Bool {
        transcoder.transcode(event, into: &arena)
    }

    /// Renders one event through SwiftProtobuf's objects: the measure of ``render(event:into:)`` in tests.
    ///
    /// - Parameter event: an encoded `Event`.
    /// - Throws: ``RenderError``; the arena is unchanged then.
    package func renderByDecoding(
        event: UnsafeRawBufferPointer, into arena: inout MessageArena
    ) throws(RenderError) {
        var decoded = try Self.decode(event)
        if migratesLegacyMetadata { LegacyMetadata.migrate(&decoded) }
        try append(decoded, to: &arena)
    }

    static func decode(_ event: UnsafeRawBufferPointer) throws(RenderError) -> Telemetrygateway_V1_Event {
        do {
            return try Telemetrygateway_V1_Event(serializedBytes: event.bytes)
        } catch {
            throw RenderError(
                code: .undecodable, message: "stored event of \(event.count) bytes does not decode: \(error)")
        }
    }

    static func encode(_ event: Telemetrygateway_V1_Event) -> [UInt8]? {
        var options = BinaryEncodingOptions()
        options.useDeterministicOrdering = true
        return try? event.serializedBytes(options: options)
    }

    private func append(
        _ event: Telemetrygateway_V1_Event, to arena: inout MessageArena
    ) throws(RenderError) {
        let eventJSON: [UInt8]
        do {
            eventJSON = try event.jsonUTF8Bytes(options: Self.options)
        } catch {
            throw RenderError(code: .unrenderable, message: "event \(event.id) has no JSON: \(error)")
        }

        let dataStart = arena.bytes.count
        arena.append(#"{"event":"#)
        arena.append(eventJSON)
        arena.append(#","metadata":"#)
        arena.append(metadataJSON)
        arena.append("}")
        let attributesStart = arena.bytes.count
        RoutingAttributes.append(of: event, source: source, traceparent: traceparent, to: &arena)
        arena.noteMessage(data: dataStart..<attributesStart, attributes: attributesStart..<arena.bytes.count)
    }
}
