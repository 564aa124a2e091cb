/// By what the directory tells senders apart.
package struct SenderKey: Sendable, Hashable {
    /// Names beyond this are cut (bytes of UTF-8): senders whose names differ later only share a row.
    package static let maximumNameBytes = 512

    /// The sender's kind or service, as in `publisher.source`.
    package let source: String
    /// Instance id or service id; may be empty.
    package let client: String
    /// The digest of the licence where there is no client id; empty otherwise.
    package let licence: String

    /// Names a sender.
    package init(source: String, client: String, licence: String = "") {
        self.source = source.cut(toBytes: Self.maximumNameBytes)
        self.client = client.cut(toBytes: Self.maximumNameBytes)
        self.licence = client.isEmpty ? licence : ""
    }

    /// Everybody who did not say who it is.
    package static let unknown = SenderKey(source: "unknown", client: "")
}

extension String {
    /// The longest beginning of whole characters within so many bytes of UTF-8.
    func cut(toBytes limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var end = utf8.index(startIndex, offsetBy: limit)
        while end > startIndex, String.Index(end, within: self) == nil { end = utf8.index(before: end) }
        return String(self[..<end])
    }
}
