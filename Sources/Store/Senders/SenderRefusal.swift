/// Why a call was refused as a whole, as its sender was told.
package struct SenderRefusal: Sendable, Hashable {
    /// Longest message that is kept (bytes of UTF-8).
    package static let maximumMessageBytes = 512

    /// Nanoseconds since 1970.
    package let at: Int64
    /// A stable snake_case name.
    package let reason: String
    /// The status as the sender saw it: `INVALID_ARGUMENT`, `HTTP 401`.
    package let code: String
    /// The text that it was sent.
    package let message: String
    /// The digest of the licence that it sent; empty without one.
    package let licence: String

    /// Describes a refusal.
    package init(at: Int64, reason: String, code: String, message: String, licence: String = "") {
        self.at = at
        self.reason = reason
        self.code = code
        self.message = message.cut(toBytes: Self.maximumMessageBytes)
        self.licence = licence
    }
}
