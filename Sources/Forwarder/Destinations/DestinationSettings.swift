/// What can be set about destinations, by their kinds.
package struct DestinationSettings: Sendable {
    /// Of `file` destinations.
    package var file = FileDestinationSettings()
    /// Of `pubsub` destinations.
    package var pubsub = PubSubSettings()
    /// Of `https` destinations.
    package var webhook = WebhookSettings()

    /// Of `kafka` destinations.
    package var kafka = KafkaSettings()

    /// The standard settings.
    package init() {}
}
