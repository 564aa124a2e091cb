internal import SwiftProtobuf

/// Renders stored events of one stream as the messages that destinations get:
/// `{"event":{…},"metadata":{…}}` and routing attributes.
package struct MessageRenderer: Sendable {
    /// The value of `publisher.source` on each message.
    package let source: String
    private let metadataJSON: [UInt8]

    /// Prepares a stream: its metadata is rendered once.
    ///
    /// - Parameter metadata: an encoded `RecordEventsRequestMetadata`.
    /// - Throws: ``RenderError`` with code `metadata` when it does not decode.
    package init(metadata: [UInt8]) throws(RenderError) {
        do {
            let decoded = try Telemetrygateway_V1_RecordEventsRequestMetadata(serializedBytes: metadata)
            metadataJSON = try decoded.jsonUTF8Bytes(options: Self.options)
            source = StreamMetadata(decoded).source
        } catch {
            throw RenderError(code: .metadata, message: "stream metadata cannot be rendered: \(error)")
        }
    }

    /// Map entries in the order of their keys, so that the same event always gives the same bytes.
    private static var options: JSONEncodingOptions {
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
        var decoded: Telemetrygateway_V1_Event
        do {
            decoded = try Telemetrygateway_V1_Event(serializedBytes: event.bytes)
        } catch {
            throw RenderError(
                code: .undecodable, message: "stored event of \(event.count) bytes does not decode: \(error)")
        }
        LegacyMetadata.migrate(&decoded)
        let eventJSON: [UInt8]
        do {
            eventJSON = try decoded.jsonUTF8Bytes(options: Self.options)
        } catch {
            throw RenderError(code: .unrenderable, message: "event \(decoded.id) has no JSON: \(error)")
        }

        let dataStart = arena.bytes.count
        arena.append(#"{"event":"#)
        arena.append(eventJSON)
        arena.append(#","metadata":"#)
        arena.append(metadataJSON)
        arena.append("}")
        let attributesStart = arena.bytes.count
        RoutingAttributes.append(of: decoded, source: source, to: &arena)
        arena.noteMessage(data: dataStart..<attributesStart, attributes: attributesStart..<arena.bytes.count)
    }
}
