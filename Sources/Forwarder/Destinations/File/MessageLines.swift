internal import Contract
internal import Glibc

/// NDJSON lines `{"data":{…},"attributes":{…}}` in a buffer that is used again and again.
struct MessageLines {
    private(set) var bytes: [UInt8] = []

    /// So many bytes of lines are handed over at once: few enough that the kernel finds them in the processor's cache.
    private static let pieceBytes = 256 << 10

    /// Writes one line for each message of the request, piece by piece.
    /// - Parameter write: takes whole lines.
    /// - Returns: the bytes of all lines.
    mutating func write(
        _ request: DeliveryRequest, to write: ([UInt8]) throws(DeliveryError) -> Void
    ) throws(DeliveryError) -> Int {
        try request.arena.bytes.withUnsafeBufferPointer { (source) throws(DeliveryError) in
            var total = 0
            for message in request.arena.messages[request.messages] {
                append("{\"data\":")
                appendOnOneLine(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: source[message.data])))
                append(",\"attributes\":{")
                appendAttributes(of: message, in: request.arena)
                append("}}\n")
                if bytes.count >= Self.pieceBytes { total += try flush(to: write) }
            }
            return try total + flush(to: write)
        }
    }

    private mutating func flush(to write: ([UInt8]) throws(DeliveryError) -> Void) throws(DeliveryError) -> Int {
        // One very long line must not hold its memory for ever.
        defer { bytes.removeAll(keepingCapacity: bytes.capacity <= 4 * Self.pieceBytes) }
        try write(bytes)
        return bytes.count
    }

    /// Upper bound of the line's length: every attribute byte may become `\u00XX`.
    static func maximumLength(of message: RenderedMessage) -> Int {
        fixedBytes + message.data.count + 6 * message.attributes.count
    }

    // `{"data":`, `,"attributes":{`, `}}` and the newline; the punctuation of an attribute is shorter than six times
    // the lengths that are packed with it.
    private static let fixedBytes = 26

    private mutating func appendAttributes(of message: RenderedMessage, in arena: MessageArena) {
        var isFirst = true
        arena.forEachAttribute(of: message) { key, value in
            append(isFirst ? "\"" : ",\"")
            isFirst = false
            appendEscaped(key)
            append("\":\"")
            appendEscaped(value)
            append("\"")
        }
    }

    // In JSON a line feed is only ever white space between tokens (in strings it is escaped), so a space is the same.
    private mutating func appendOnOneLine(_ json: UnsafeRawBufferPointer) {
        let start = bytes.count
        bytes.append(contentsOf: json.bindMemory(to: UInt8.self))
        guard let base = json.baseAddress, memchr(base, 0x0A, json.count) != nil else { return }
        for index in start..<bytes.count where bytes[index] == UInt8(ascii: "\n") { bytes[index] = UInt8(ascii: " ") }
    }

    private mutating func appendEscaped(_ text: UnsafeRawBufferPointer) {
        let text = text.bindMemory(to: UInt8.self)
        var clean = 0
        for index in text.indices where Self.isEscaped(text[index]) {
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[clean..<index]))
            clean = index + 1
            if text[index] >= 0x20 {
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(text[index])
            } else {
                append("\\u00")
                bytes.append(Self.hexadecimal(text[index] >> 4))
                bytes.append(Self.hexadecimal(text[index] & 0x0F))
            }
        }
        // As a buffer of its own: a slice would be appended byte by byte.
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[clean...]))
    }

    @inline(__always)
    private static func isEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func append(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private static func hexadecimal(_ digit: UInt8) -> UInt8 {
        digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
    }
}
