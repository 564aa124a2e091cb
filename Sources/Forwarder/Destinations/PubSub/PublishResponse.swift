internal import Transfer

/// Reads `google.pubsub.v1.PublishResponse { repeated string message_ids = 1; }`.
enum PublishResponse {
    /// Number of message ids, or nil when the message is not well-formed.
    static func messageIDCount(in message: ArraySlice<UInt8>) -> Int? {
        var fields = ProtobufFields(message)
        var count = 0
        do throws(ProtobufFields.Malformed) {
            while let (number, content) = try fields.next() {
                if number == 1, case .bytes = content { count += 1 }
            }
        } catch {
            return nil
        }
        return count
    }
}
