internal import Contract
internal import Glibc

/// NDJSON lines `{"data":{…},"attributes":{…}}` in a buffer that is used again and again.
struct MessageLines {
    private(set) var bytes: [UInt8] = []

    /// Forgets the lines; keeps memory up to `capacity` bytes.
    mutating func removeAll(keepingUpTo capacity: Int) {
        bytes.removeAll(keepingCapacity: bytes.capacity <= capacity)
    }

    /// Appends one line for each message of the request.
    mutating func append(_ request: DeliveryRequest) {
        request.arena.bytes.withUnsafeBytes { source in
            for message in request.arena.messages[request.messages] {
                append("{\"data\":")
                appendOnOneLine(UnsafeRawBufferPointer(rebasing: source[message.data]))
                append(",\"attributes\":{")
                appendAttributes(of: message, in: request.arena)
                append("}}\n")
            }
        }
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
        bytes.append(contentsOf: json)
        guard let base = json.baseAddress, memchr(base, 0x0A, json.count) != nil else { return }
        for index in start..<bytes.count where bytes[index] == UInt8(ascii: "\n") { bytes[index] = UInt8(ascii: " ") }
    }

    private mutating func appendEscaped(_ text: UnsafeRawBufferPointer) {
        var clean = 0
        for (index, byte) in text.enumerated()
        where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
            bytes.append(contentsOf: text[clean..<index])
            clean = index + 1
            if byte >= 0x20 {
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            } else {
                append("\\u00")
                bytes.append(Self.hexadecimal(byte >> 4))
                bytes.append(Self.hexadecimal(byte & 0x0F))
            }
        }
        bytes.append(contentsOf: text[clean...])
    }

    private mutating func append(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private static func hexadecimal(_ digit: UInt8) -> UInt8 {
        digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
    }
}
