package import Runtime

extension KafkaSettings {
    /// Declares and reads the keys.
    package init(_ reader: inout ConfigurationReader) {
        self.init()
        propertiesFile = reader.optionalPath(
            Self.propertiesFileKey,
            meaning:
                "File of librdkafka properties for kafka destinations, one name=value in a line: security, compression."
        )
    }
}
