/// What can be set about `kafka` destinations.
package struct KafkaSettings: Sendable {
    /// The key that names the file of librdkafka's own properties.
    package static let propertiesFileKey = "GATEWAY_KAFKA_PROPERTIES_FILE"

    /// Whether this build has Kafka at all: the trait `Kafka`.
    package static var isBuiltIn: Bool {
        #if Kafka
            true
        #else
            false
        #endif
    }

    /// File of librdkafka's own properties; nil for none.
    package var propertiesFile: String?
    /// Time until the brokers must have a message, tries of librdkafka included.
    package var deadline = KafkaLimits.deadline

    /// The standard settings.
    package init() {}
}
