/// What Kafka is given, and how long it has.
package enum KafkaLimits {
    /// Messages of one delivery.
    package static let messages = 1000
    /// One message with its headers, and all messages of one delivery, in bytes: what brokers take by default, less what surrounds a message.
    package static let messageBytes = 1_000_000 - messageOverheadBytes
    /// What surrounds a message on the wire, at most, in bytes.
    package static let messageOverheadBytes = 256
    /// What surrounds one header on the wire, at most, in bytes.
    package static let headerOverheadBytes = 10
    /// Deliveries under way at the same time.
    package static let inFlight = 4
    /// Time until the brokers must have a message.
    package static let deadline: Duration = .seconds(60)
    /// Longest file of properties, in bytes.
    package static let propertiesFileBytes = 64 << 10
    /// Longest sleep of the thread that hears from librdkafka, in milliseconds.
    static let pollMilliseconds: Int32 = 100
    /// How long a shutdown waits for what is under way, in milliseconds.
    static let flushMilliseconds: Int32 = 5000
}
