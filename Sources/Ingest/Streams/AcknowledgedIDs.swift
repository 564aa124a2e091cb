/// The ids at the head of a response that the scanner built.
enum AcknowledgedIDs {
    private static let tag: UInt8 = 0x0a

    /// Calls `body` with each id in turn. Ends at the first field of another kind, since ids come first.
    static func forEach(in response: [UInt8], _ body: (ArraySlice<UInt8>) -> Void) {
        var next = 0
        while next < response.count, response[next] == tag {
            next += 1
            var length = 0
            var shift = 0
            while next < response.count, shift < 32 {
                let byte = response[next]
                next += 1
                length |= Int(byte & 0x7f) << shift
                shift += 7
                if byte < 0x80 { break }
            }
            guard next + length <= response.count else { return }
            body(response[next..<next + length])
            next += length
        }
    }
}
