/// What a licence says, once its signature has been verified.
package struct LicenceInformation: Sendable, Hashable {
    /// The licence format: 1 knows neither subscription nor creation time, 2 no creation time, 3 both. Informative.
    package let version: Int64
    /// As issued, in their order, white space included.
    package let tags: [String]
    /// Users paid for; 0 when not said.
    package let userCount: UInt64
    /// Seconds since 1970; nil when the licence does not say.
    package let createdAt: Int64?
    /// Seconds since 1970; nil when the licence does not say.
    package let expiresAt: Int64?
    /// Nil when the licence does not say.
    package let salesforceSubscriptionID: String?
    /// Nil when the licence does not say.
    package let salesforceOpportunityID: String?

    package init(
        version: Int64 = 0, tags: [String] = [], userCount: UInt64 = 0, createdAt: Int64? = nil,
        expiresAt: Int64? = nil, salesforceSubscriptionID: String? = nil, salesforceOpportunityID: String? = nil
    ) {
        self.version = version
        self.tags = tags
        self.userCount = userCount
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.salesforceSubscriptionID = salesforceSubscriptionID
        self.salesforceOpportunityID = salesforceOpportunityID
    }

    /// Whether the licence is over. One without an expiry never is.
    ///
    /// - Parameter seconds: the time in question, in seconds since 1970.
    package func isExpired(at seconds: Int64) -> Bool {
        guard let expiresAt else { return false }
        return expiresAt < seconds
    }
}
