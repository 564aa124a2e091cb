/// What the directory keeps of a sender's licence; never a part of the key.
package struct SenderLicence: Sendable, Hashable {
    /// The beginning of the key's digest, as in the logs.
    package let digest: String
    /// As issued, in their order.
    package let tags: [String]
    /// Seconds since 1970; nil when the licence does not say.
    package let createdAt: Int64?
    /// Seconds since 1970; nil when the licence does not say.
    package let expiresAt: Int64?

    /// Describes a licence.
    package init(digest: String, tags: [String] = [], createdAt: Int64? = nil, expiresAt: Int64? = nil) {
        self.digest = digest
        self.tags = tags
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }

    /// Between tags in the file. Tags with a control character are none that anybody compares with.
    private static let separator: Character = "\n"

    /// The tags as they are stored; beyond the limit (bytes) the rest is left out.
    func storedTags(maximumBytes: Int) -> String {
        tags.joined(separator: String(Self.separator)).cut(toBytes: maximumBytes)
    }

    /// Reads what `storedTags` gives.
    static func tags(stored: String) -> [String] {
        stored.isEmpty ? [] : stored.split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }
}
