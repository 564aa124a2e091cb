/// Reads `google.pubsub.v1.PublishResponse { repeated string message_ids = 1; }`.
enum PublishResponse {
    /// Number of message ids, or nil when the message is not well-formed.
    static func messageIDCount(in message: ArraySlice<UInt8>) -> Int? {
        var rest = message
        var count = 0
        while !rest.isEmpty {
            guard let tag = takeVarint(&rest), tag >> 3 > 0 else { return nil }
            guard skipField(wireType: tag & 7, &rest) else { return nil }
            if tag == 1 << 3 | 2 { count += 1 }
        }
        return count
    }

    private static func skipField(wireType: UInt64, _ rest: inout ArraySlice<UInt8>) -> Bool {
        let length: UInt64
        switch wireType {
        case 0: return takeVarint(&rest) != nil
        case 1: length = 8
        case 2:
            guard let value = takeVarint(&rest) else { return false }
            length = value
        case 5: length = 4
        default: return false
        }
        guard length <= UInt64(rest.count) else { return false }
        rest = rest.dropFirst(Int(length))
        return true
    }

    private static func takeVarint(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard let byte = rest.popFirst() else { return nil }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        return nil
    }
}
