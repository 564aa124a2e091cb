#if Kafka
    package import Contract
    internal import CRDKafka

    /// A topic of Kafka, reached through librdkafka. Attributes travel as headers. All in-sync replicas have a message
    /// before it counts.
    package final class KafkaDestination: Destination {
        package let name: String
        package let limits: RequestLimits

        private let topic: String
        private let producer: KafkaProducer

        /// Connects in the background.
        ///
        /// - Throws: when the properties are not librdkafka's.
        package init(
            broker: String, topic: String, settings: KafkaSettings = KafkaSettings()
        ) throws(DestinationConfigurationError) {
            name = "kafka://\(broker)/\(topic)"
            limits = RequestLimits(
                maximumMessages: KafkaLimits.messages, maximumBytes: KafkaLimits.messageBytes,
                maximumMessageBytes: KafkaLimits.messageBytes, maximumInFlight: KafkaLimits.inFlight)
            self.topic = topic
            var properties = [
                ("bootstrap.servers", broker), ("client.id", "telemetry-gateway"), ("acks", "all"),
                ("enable.idempotence", "true"),
                ("message.timeout.ms", "\(Int64(settings.deadline / .milliseconds(1)))"),
                ("queue.buffering.max.kbytes", "262144"),
            ]
            if let file = settings.propertiesFile { properties += try KafkaProperties.read(path: file) }
            producer = try KafkaProducer(properties)
        }

        deinit { producer.stop() }

        package func encodedSize(of message: RenderedMessage, in arena: MessageArena) -> Int {
            var bytes = message.data.count
            arena.forEachAttribute(of: message) { key, value in
                bytes += key.count + value.count + KafkaLimits.headerOverheadBytes
            }
            return bytes
        }

        package func deliver(_ request: DeliveryRequest) async throws(DeliveryError) -> DeliveryReceipt {
            let bytes = try limits.check(request, for: self)
            let messages = request.arena.messages[request.messages]
            guard !messages.isEmpty else { return DeliveryReceipt(messages: 0, bytes: 0) }
            let delivery = KafkaDelivery(messages: messages.count)
            producer.produce(messages, of: request.arena, to: topic, delivery)
            if let failure = await delivery.failure() {
                throw DeliveryError(
                    DeliveryErrorTable.verdict(kafkaCode: failure),
                    message: "\(name): \(String(cString: rd_kafka_err2name(failure))): "
                        + String(cString: rd_kafka_err2str(failure)))
            }
            return DeliveryReceipt(messages: messages.count, bytes: bytes)
        }

        package func shutdown() async {
            await producer.shutdown()
        }
    }
#endif
