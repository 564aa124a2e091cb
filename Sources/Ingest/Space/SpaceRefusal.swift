/// Why a batch is refused for want of space.
struct SpaceRefusal: Error, Sendable, Hashable {
    /// Which limit is reached.
    enum Limit: String, Sendable, CaseIterable {
        /// What one client may have undelivered.
        case clientShare = "client_share"
        /// What all segments may take.
        case quota
        /// What is left free on the file system.
        case reserve
    }

    /// The limit that is reached.
    var limit: Limit
    /// How long the client should wait, in seconds.
    var retryAfterSeconds: Int
}
