package import Runtime

extension PubSubSettings {
    /// Declares and reads the keys.
    package init(_ reader: inout ConfigurationReader) {
        self.init()
        emulatorHost = reader.optionalString(
            "PUBSUB_EMULATOR_HOST", meaning: "HOST:PORT of a Pub/Sub emulator to use instead of Google.")
        let keyFile = reader.optionalContentPath(
            Self.keyFileKey,
            meaning: "File of a Google service account's key, for Pub/Sub. Default: the metadata server of the machine."
        )
        let metadataHost = reader.string(
            "GCE_METADATA_HOST", default: MetadataServer.standardHost,
            meaning: "HOST or HOST:PORT of the metadata server that gives tokens for Pub/Sub.")
        credentials = keyFile.map { .keyFile($0) } ?? .metadataServer(metadataHost)
        compression = reader.choice(
            "GATEWAY_PUBSUB_COMPRESSION", default: compression, meaning: "How requests to Pub/Sub are compressed.")
        orderingKey = reader.choice(
            "GATEWAY_PUBSUB_ORDERING_KEY", default: orderingKey,
            meaning: "Ordering key of Pub/Sub messages. With client one request is under way at a time.")
        let attributeKey = "GATEWAY_PUBSUB_EVENT_ID_ATTRIBUTE"
        eventIDAttribute = reader.optionalString(
            attributeKey,
            meaning:
                "Attribute of Pub/Sub messages that carries the event's id, for instance event.id, so that duplicates can "
                + "be told. Default: none.")
        if let eventIDAttribute, !PubSubAttributeRules.isKey(eventIDAttribute) {
            reader.addProblem(
                key: attributeKey,
                message:
                    "\"\(eventIDAttribute)\" cannot be an attribute: at most \(PubSubLimits.attributeKeyBytes) bytes "
                    + "are needed, and not \(PubSubLimits.reservedAttributePrefix) at the beginning")
        }
    }
}
