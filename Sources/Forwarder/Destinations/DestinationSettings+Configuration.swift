package import Runtime

extension DestinationSettings {
    /// Declares and reads the keys of all kinds.
    package init(_ reader: inout ConfigurationReader) {
        file = FileDestinationSettings(&reader)
        pubsub = PubSubSettings(&reader)
        webhook = WebhookSettings(&reader)
        kafka = KafkaSettings(&reader)
    }

    /// Records what keeps these destinations from being used with these settings.
    package func check(_ destinations: [DestinationAddress], _ reader: inout ConfigurationReader) {
        let factory = DestinationFactory(settings: self)
        for destination in destinations {
            do throws(DestinationConfigurationError) {
                try factory.check(destination)
            } catch {
                reader.addProblem(key: "GATEWAY_DESTINATIONS", message: error.message)
            }
        }
        for problem in webhook.problems(for: destinations) {
            reader.addProblem(key: problem.key, message: problem.message)
        }
    }
}
