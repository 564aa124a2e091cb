package import Transfer

/// Makes destinations from their addresses; owns nothing.
package struct DestinationFactory: Sendable {
    private let settings: DestinationSettings

    /// Opens nothing yet.
    package init(settings: DestinationSettings) {
        self.settings = settings
    }

    /// Checks the address and what it needs without opening anything, for `--check-config`.
    package func check(_ address: DestinationAddress) throws(DestinationConfigurationError) {
        if case .kafka = address, let file = settings.kafka.propertiesFile { _ = try KafkaProperties.read(path: file) }
        guard case .pubsub = address else { return }
        // Nobody is asked for a token here.
        let endpoint = try endpoint { request throws(TransferError) in
            throw TransferError(reason: .shutDown, message: "\(request.url): nothing is sent")
        }
        guard case .google = endpoint, case .keyFile(let path) = settings.pubsub.credentials else { return }
        try GoogleCredentials.check(keyFile: path)
    }

    /// Opens the destination. `transfers` is shared by all and stays the caller's to shut down, after the destinations.
    package func open(
        _ address: DestinationAddress, transfers: CurlTransfers
    ) throws(DestinationConfigurationError) -> any Destination {
        let exchange = transfers.exchange
        switch address {
        case .file(let directory):
            return try FileDestination(directory: directory, settings: settings.file)
        case .pubsub(let project, let topic):
            return PubSubDestination(
                project: project, topic: topic, endpoint: try endpoint(exchange), exchange: exchange,
                settings: settings.pubsub)
        case .webhook(let url):
            return WebhookDestination(url: url, exchange: exchange, settings: settings.webhook)
        case .kafka(let broker, let topic):
            #if Kafka
                return try KafkaDestination(broker: broker, topic: topic, settings: settings.kafka)
            #else
                throw DestinationConfigurationError(
                    code: .malformedAddress, message: "kafka://\(broker)/\(topic): this build has no Kafka")
            #endif
        }
    }

    private func endpoint(
        _ exchange: @escaping HTTPExchange
    ) throws(DestinationConfigurationError) -> PubSubEndpoint {
        try PubSubEndpoint.resolve(
            emulatorHost: settings.pubsub.emulatorHost,
            credentials: GoogleCredentials(source: settings.pubsub.credentials, exchange: exchange))
    }
}
