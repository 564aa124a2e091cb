internal import Runtime

/// What can be set about `pubsub` destinations.
package struct PubSubSettings: Sendable {
    /// The key that names the file of a service account's key; Google's own libraries read it, too.
    package static let keyFileKey = "GOOGLE_APPLICATION_CREDENTIALS"

    /// What becomes the ordering key of a message.
    package enum OrderingKey: String, Sendable, Hashable, CaseIterable {
        /// Nothing: Pub/Sub promises no order.
        case none
        /// The id of the client that sent the event.
        case client
    }

    /// HOST:PORT of an emulator instead of Google, when set.
    package var emulatorHost: String?
    /// Where tokens for Google come from.
    package var credentials = GoogleCredentials.Source.metadataServer(MetadataServer.standardHost)
    /// How requests are compressed.
    package var compression = Compression.none
    /// The attribute that carries the event's id, when set.
    package var eventIDAttribute: String?
    /// What becomes the ordering key.
    package var orderingKey = OrderingKey.none
    /// Time for one Publish call, connection included.
    package var deadline = PubSubLimits.deadline
    /// Publish calls under way at the same time. One with an ordering key: what overtakes is out of order.
    package var inFlight = PubSubLimits.inFlight
    /// Nanoseconds since 1970, for what peers say about time.
    package var wallClock: @Sendable () -> Int64 = { WallClock.now() }

    /// The standard settings.
    package init() {}
}
