internal import Glibc

/// Finds the messages in an encoded `google.pubsub.v1.PublishRequest`, without an object for any of them.
package enum PublishScanner {
    /// Where a message lies in its request.
    package struct Message: Sendable {
        /// The whole `PubsubMessage`.
        package let message: Range<Int>
        /// Its `data`; empty without any.
        package let data: Range<Int>
    }

    /// Calls `body` for each message in order.
    /// - Returns: false when the request is not well-formed; then some may have been seen.
    package static func scan(_ request: UnsafeRawBufferPointer, _ body: (Message) -> Void) -> Bool {
        fields(request, 0..<request.count) { number, range in
            guard number == 2 else { return true }
            var data = range.lowerBound..<range.lowerBound
            let isWhole = fields(request, range) { number, range in
                if number == 1 { data = range }
                return true
            }
            if isWhole { body(Message(message: range, data: data)) }
            return isWhole
        }
    }

    /// The attributes of a message.
    package static func attributes(_ request: UnsafeRawBufferPointer, _ message: Message) -> [String: String] {
        var attributes: [String: String] = [:]
        _ = fields(request, message.message) { number, entry in
            guard number == 2 else { return true }
            var (key, value) = ("", "")
            _ = fields(request, entry) { number, text in
                if number == 1 { key = string(request, text) }
                if number == 2 { value = string(request, text) }
                return true
            }
            attributes[key] = value
            return true
        }
        return attributes
    }

    /// Where the id of the event in a message's data is; empty when it does not begin with one.
    package static func eventID(_ request: UnsafeRawBufferPointer, _ data: Range<Int>) -> Range<Int> {
        let prefix: StaticString = "{\"event\":{\"id\":\""
        let length = prefix.utf8CodeUnitCount
        guard let base = request.baseAddress, data.count > length,
            memcmp(base + data.lowerBound, prefix.utf8Start, length) == 0
        else { return data.lowerBound..<data.lowerBound }
        let start = data.lowerBound + length
        guard let quote = memchr(base + start, 0x22, data.upperBound - start) else { return start..<start }
        return start..<(UnsafeRawPointer(quote) - base)
    }

    package static func string(_ request: UnsafeRawBufferPointer, _ range: Range<Int>) -> String {
        String(decoding: request[range], as: UTF8.self)
    }

    /// Walks over the fields; only length-delimited ones are shown.
    private static func fields(
        _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ body: (_ number: UInt64, Range<Int>) -> Bool
    ) -> Bool {
        var offset = range.lowerBound
        while offset < range.upperBound {
            guard let tag = varint(bytes, &offset, range.upperBound) else { return false }
            switch tag & 7 {
            case 0:
                guard varint(bytes, &offset, range.upperBound) != nil else { return false }
            case 2:
                guard let length = varint(bytes, &offset, range.upperBound),
                    length <= UInt64(range.upperBound - offset)
                else { return false }
                let end = offset + Int(length)
                guard body(tag >> 3, offset..<end) else { return false }
                offset = end
            default: return false
            }
        }
        return true
    }

    private static func varint(_ bytes: UnsafeRawBufferPointer, _ offset: inout Int, _ end: Int) -> UInt64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while offset < end, shift < 64 {
            let byte = bytes[offset]
            offset += 1
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        return nil
    }
}
