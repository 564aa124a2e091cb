#if Kafka
    import CRDKafka
    import Foundation
    import Testing

    @testable import Forwarder

    /// librdkafka's own mock cluster: one broker in this process, reached over the network stack.
    final class KafkaMockCluster: @unchecked Sendable {
        // Safe because librdkafka's handles are thread-safe.
        private let client: OpaquePointer
        private let cluster: OpaquePointer
        static let topic = "events"

        /// HOST:PORT of the broker.
        let broker: String

        init() throws {
            client = try #require(rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), nil, 0))
            cluster = try #require(rd_kafka_mock_cluster_new(client, 1))
            rd_kafka_mock_topic_create(cluster, Self.topic, 1, 1)
            broker = String(cString: rd_kafka_mock_cluster_bootstraps(cluster))
        }

        deinit {
            rd_kafka_mock_cluster_destroy(cluster)
            rd_kafka_destroy(client)
        }

        func setReachable(_ isReachable: Bool) {
            if isReachable {
                rd_kafka_mock_broker_set_up(cluster, 1)
            } else {
                rd_kafka_mock_broker_set_down(cluster, 1)
            }
        }

        /// The next Produce request fails.
        func failNext(_ error: rd_kafka_resp_err_t) {
            crdkafka_mock_fail(cluster, Self.produce, error)
        }

        func forgetFailures() {
            rd_kafka_mock_clear_request_errors(cluster, Self.produce)
        }

        // The number of Produce in the protocol of Kafka.
        private static let produce: Int16 = 0

        /// Everything in the topic, once `expected` messages are there.
        func messages(expecting expected: Int) async throws -> [ReceivedMessage] {
            try await withCheckedThrowingContinuation { continuation in
                Thread.detachNewThread { continuation.resume(with: Result { try self.read(expected) }) }
            }
        }

        private func read(_ expected: Int) throws -> [ReceivedMessage] {
            let configuration = rd_kafka_conf_new()
            rd_kafka_conf_set(configuration, "bootstrap.servers", broker, nil, 0)
            let consumer = try #require(rd_kafka_new(RD_KAFKA_CONSUMER, configuration, nil, 0))
            defer { rd_kafka_destroy(consumer) }
            let topic = try #require(rd_kafka_topic_new(consumer, Self.topic, nil))
            defer { rd_kafka_topic_destroy(topic) }
            rd_kafka_consume_start(topic, 0, Int64(RD_KAFKA_OFFSET_BEGINNING))
            defer { rd_kafka_consume_stop(topic, 0) }
            var messages: [ReceivedMessage] = []
            while true {
                // Once all are there, a short look for one too many.
                let isComplete = messages.count >= expected
                guard let message = rd_kafka_consume(topic, 0, isComplete ? 500 : 20_000) else { return messages }
                defer { rd_kafka_message_destroy(message) }
                guard message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR else { continue }
                messages.append(try Self.received(message))
            }
        }

        private static func received(_ message: UnsafeMutablePointer<rd_kafka_message_t>) throws -> ReceivedMessage {
            var attributes: [String: String] = [:]
            var headers: OpaquePointer?
            if rd_kafka_message_headers(message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR, let headers {
                var name: UnsafePointer<CChar>?
                var value: UnsafeRawPointer?
                var size = 0
                var index = 0
                while rd_kafka_header_get_all(headers, index, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR {
                    let bytes = UnsafeRawBufferPointer(start: value, count: size)
                    if let name { attributes[String(cString: name)] = String(decoding: bytes, as: UTF8.self) }
                    index += 1
                }
            }
            let data = Data(bytes: try #require(message.pointee.payload), count: message.pointee.len)
            return try ReceivedMessage(data: data, attributes: attributes)
        }
    }
#endif
