/// Rendered messages, one behind the other in one buffer, so that a page of events costs no allocation per event.
package struct MessageArena: Sendable {
    /// JSON and packed attributes of all messages.
    package private(set) var bytes: [UInt8] = []
    /// The messages in the order they were rendered.
    package private(set) var messages: [RenderedMessage] = []

    /// Bytes in front of each packed key and each packed value: its length as a little-endian `UInt32`. Metadata keys
    /// become attribute keys, and nothing limits their length but the message size.
    private static let lengthBytes = MemoryLayout<UInt32>.size

    /// An empty arena.
    ///
    /// - Parameters:
    ///   - bytes: how many bytes will probably be needed: an arena that grows is copied again and again.
    ///   - messages: how many messages will.
    package init(bytes: Int = 0, messages: Int = 0) {
        self.bytes.reserveCapacity(bytes)
        self.messages.reserveCapacity(messages)
    }

    /// Forgets all messages; the capacity stays.
    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        messages.removeAll(keepingCapacity: true)
    }

    /// An arena of its own for some of the messages, so that the others' memory can go.
    package func extracting(_ range: Range<Int>) -> MessageArena {
        var arena = MessageArena()
        for message in messages[range.clamped(to: messages.indices)] {
            let start = arena.bytes.count
            arena.bytes += bytes[message.data]
            let middle = arena.bytes.count
            arena.bytes += bytes[message.attributes]
            arena.noteMessage(data: start..<middle, attributes: middle..<arena.bytes.count)
        }
        return arena
    }

    /// Calls `body` with key and value of each attribute of the message, in the order they were added.
    package func forEachAttribute(
        of message: RenderedMessage, _ body: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Void
    ) {
        bytes.withUnsafeBytes { bytes in
            guard message.attributes.upperBound <= bytes.count else { return }
            var rest = UnsafeRawBufferPointer(rebasing: bytes[message.attributes])
            while let key = Self.takeField(from: &rest), let value = Self.takeField(from: &rest) {
                body(key, value)
            }
        }
    }

    private static func takeField(from rest: inout UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard rest.count >= lengthBytes else { return nil }
        let length = Int(UInt32(littleEndian: rest.loadUnaligned(as: UInt32.self)))
        guard length <= rest.count - lengthBytes else { return nil }
        let field = UnsafeRawBufferPointer(rebasing: rest[lengthBytes..<lengthBytes + length])
        rest = UnsafeRawBufferPointer(rebasing: rest[(lengthBytes + length)...])
        return field
    }

    /// Gives the last message one more attribute; without any message nothing happens.
    package mutating func addToLast(attribute key: String, value: String) {
        guard let last = messages.popLast() else { return }
        appendAttribute(key: key, value: value)
        messages.append(RenderedMessage(data: last.data, attributes: last.attributes.lowerBound..<bytes.count))
    }

    mutating func append(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func append(_ part: [UInt8]) {
        bytes.append(contentsOf: part)
    }

    mutating func appendAttribute(key: String, value: String) {
        appendField(key)
        appendField(value)
    }

    mutating func appendField(_ text: String) {
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: text.utf8.count).littleEndian) {
            bytes.append(contentsOf: $0)
        }
        bytes.append(contentsOf: text.utf8)
    }

    /// Appends a message that `body` writes into uninitialised memory; a message whose `body` throws leaves no trace.
    ///
    /// - Parameters:
    ///   - capacity: bytes that `body` gets.
    ///   - body: returns how many bytes of data it wrote, and how many with the packed attributes behind them.
    mutating func appendMessage(
        capacity: Int,
        _ body: (UnsafeMutableBufferPointer<UInt8>) throws(TranscodingFault) -> (data: Int, all: Int)
    ) throws(TranscodingFault) {
        let start = bytes.count
        if bytes.capacity &- start < capacity { bytes.reserveCapacity(max(start &+ capacity, 2 &* bytes.capacity)) }
        var dataCount = 0
        try bytes.append(addingCapacity: capacity) { (span: inout OutputSpan<UInt8>) throws(TranscodingFault) in
            try span.withUnsafeMutableBufferPointer { (space, count) throws(TranscodingFault) in
                let written = try body(space)
                dataCount = written.data
                count = written.all
            }
        }
        noteMessage(data: start..<start + dataCount, attributes: start + dataCount..<bytes.count)
    }

    mutating func noteMessage(data: Range<Int>, attributes: Range<Int>) {
        messages.append(RenderedMessage(data: data, attributes: attributes))
    }
}
