internal import Store
internal import Transfer

/// Reads `google.pubsub.v1.PublishResponse { repeated string message_ids = 1; }`.
enum PublishResponse {
    /// The message ids, in the order of the messages; nil when the message is not well-formed.
    /// - Parameter expected: how many there should be.
    static func messageIDs(in message: ArraySlice<UInt8>, expected: Int) -> (
        count: Int, references: DeliveryReferences
    )? {
        var fields = ProtobufFields(message)
        var numbers: [UInt64] = []
        // The response is not trusted with the size of the memory.
        numbers.reserveCapacity(min(expected, message.count))
        var count = 0
        do throws(ProtobufFields.Malformed) {
            while let (number, content) = try fields.next() {
                guard number == 1, case .bytes(let text) = content else { continue }
                count += 1
                if let number = self.number(text) { numbers.append(number) }
            }
        } catch {
            return nil
        }
        guard numbers.count == count else { return (count, .texts(texts(in: message))) }
        return (count, .numbers(numbers))
    }

    /// Number of message ids, or nil when the message is not well-formed.
    static func messageIDCount(in message: ArraySlice<UInt8>) -> Int? {
        messageIDs(in: message, expected: 0)?.count
    }

    /// An id that is a number and is written as numbers are; nil for any other one.
    private static func number(_ text: ArraySlice<UInt8>) -> UInt64? {
        guard let first = text.first, first != UInt8(ascii: "0") || text.count == 1, text.count <= 20 else {
            return nil
        }
        var value: UInt64 = 0
        for byte in text {
            let digit = UInt64(byte) &- UInt64(UInt8(ascii: "0"))
            guard digit < 10 else { return nil }
            let (tens, isBeyond) = value.multipliedReportingOverflow(by: 10)
            let (sum, isBeyondToo) = tens.addingReportingOverflow(digit)
            guard !isBeyond, !isBeyondToo else { return nil }
            value = sum
        }
        return value
    }

    private static func texts(in message: ArraySlice<UInt8>) -> [String] {
        var fields = ProtobufFields(message)
        var texts: [String] = []
        while let field = try? fields.next() {
            if field.number == 1, case .bytes(let text) = field.content {
                texts.append(String(decoding: text, as: UTF8.self))
            }
        }
        return texts
    }
}
