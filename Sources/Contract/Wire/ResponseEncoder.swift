/// Appends fields to an encoded `RecordEventsResponse`. They may be appended at any time and in any order: a decoder
/// sees no difference.
package enum ResponseEncoder {
    /// Rejections of one response (bytes). A message may hold a million events that break a rule, and the texts about
    /// them would be many times its size. What is not listed is in quarantine all the same.
    static let maximumRejectionBytes = 256 << 10

    /// Tags as they stand on the wire.
    private enum Tag {
        static let succeeded: UInt8 = 0x0a
        /// Field 1000.
        static let rejection: [UInt8] = [0xc2, 0x3e]
        /// Field 1001.
        static let duplicate: [UInt8] = [0xca, 0x3e]
    }

    /// Tags of the fields of a `Rejection`.
    private enum RejectionTag {
        static let id: UInt8 = 0x0a
        static let code: UInt8 = 0x12
        static let field: UInt8 = 0x1a
        static let message: UInt8 = 0x22
    }

    /// Appends the id of an event that was recorded before. Its acknowledgement is a field of its own.
    package static func appendDuplicate(_ id: UnsafeRawBufferPointer, to response: inout [UInt8]) {
        response.append(contentsOf: Tag.duplicate)
        appendLength(id.count, to: &response)
        response.append(contentsOf: id)
    }

    /// Calls `body` with each acknowledged id in turn. Ends at the first field of another kind, since ids come first.
    static func forEachSucceeded(in response: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void) {
        guard let raw = response.baseAddress, !response.isEmpty else { return }
        let start = raw.assumingMemoryBound(to: UInt8.self)
        var cursor = WireCursor(position: start, end: start + response.count)
        while cursor.position < cursor.end, cursor.position[0] == Tag.succeeded {
            cursor.position += 1
            guard let length = try? cursor.readLength() else { return }
            body(UnsafeRawBufferPointer(start: cursor.position, count: length))
            cursor.position += length
        }
    }

    /// Appends one `succeeded_events`; an empty id as well, because senders count the answers.
    @inline(__always)
    static func appendSucceeded(_ id: UnsafeBufferPointer<UInt8>, to response: inout [UInt8]) {
        response.append(Tag.succeeded)
        appendLength(id.count, to: &response)
        response.append(contentsOf: id)
    }

    /// Appends a rejection for each of the events, in order, up to ``maximumRejectionBytes``.
    static func appendRejections(
        of events: [RefusedEvent], in message: UnsafeRawBufferPointer, to response: inout [UInt8]
    ) {
        let end = response.count + maximumRejectionBytes
        var body: [UInt8] = []
        for event in events {
            // The length stands in front of the body.
            guard response.count + event.id.count < end else { return }
            body.removeAll(keepingCapacity: true)
            append(RejectionTag.id, message[event.id], to: &body)
            append(RejectionTag.code, event.reason.name.utf8, to: &body)
            append(RejectionTag.field, event.reason.field.utf8, to: &body)
            append(RejectionTag.message, event.reason.message.utf8, to: &body)
            guard response.count + Tag.rejection.count + maximumLengthBytes + body.count <= end else { return }
            response.append(contentsOf: Tag.rejection)
            appendLength(body.count, to: &response)
            response.append(contentsOf: body)
        }
    }

    private static func append(_ tag: UInt8, _ text: some Collection<UInt8>, to bytes: inout [UInt8]) {
        guard !text.isEmpty else { return }
        bytes.append(tag)
        appendLength(text.count, to: &bytes)
        bytes.append(contentsOf: text)
    }

    /// The longest length that is written (bytes).
    private static let maximumLengthBytes = 5

    @inline(__always)
    private static func appendLength(_ length: Int, to bytes: inout [UInt8]) {
        var length = UInt32(truncatingIfNeeded: length)
        while length >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: length) | 0x80)
            length >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: length))
    }
}
