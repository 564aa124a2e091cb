#if Kafka
    internal import CRDKafka
    internal import Contract
    internal import Glibc
    internal import Store
    internal import Synchronization

    /// A librdkafka producer with the thread that hears its reports.
    // Safe because librdkafka's handle is thread-safe, and is destroyed by the last act of the thread, after which `isClosed`
    // keeps everybody away from it.
    final class KafkaProducer: @unchecked Sendable {
        private let handle: OpaquePointer
        private let isStopping = Atomic<Bool>(false)
        /// Held while messages are queued, so that nobody queues into a handle that is gone.
        private let isClosed = Mutex(false)
        private let stopped = Mutex<(isDone: Bool, waiting: [CheckedContinuation<Void, Never>])>((false, []))
        private let thread = Mutex<DedicatedThread?>(nil)

        init(_ properties: [(name: String, value: String)]) throws(DestinationConfigurationError) {
            handle = try Self.open(properties)
            let thread = try DestinationConfigurationError.starting(name: "kafka") { [self] in run() }
            self.thread.withLock { $0 = thread }
        }

        /// Queues the messages. What can not be queued is reported at once.
        func produce(
            _ messages: ArraySlice<RenderedMessage>, of arena: MessageArena, to topic: String, _ delivery: KafkaDelivery
        ) {
            var rest = messages
            let refusal = isClosed.withLock { isClosed in
                if isClosed { return RD_KAFKA_RESP_ERR__DESTROY }
                while let message = rest.first {
                    let error = produce(message, of: arena, to: topic, delivery)
                    guard error == RD_KAFKA_RESP_ERR_NO_ERROR else { return error }
                    rest.removeFirst()
                }
                return RD_KAFKA_RESP_ERR_NO_ERROR
            }
            if !rest.isEmpty { delivery.report(refusal, messages: rest.count) }
        }

        /// Lets the thread end without waiting for it.
        func stop() {
            isStopping.store(true, ordering: .relaxed)
        }

        /// Waits for what is queued, for a while, and ends the thread.
        func shutdown() async {
            stop()
            await withCheckedContinuation { continuation in
                let isDone = stopped.withLock { stopped in
                    if !stopped.isDone { stopped.waiting.append(continuation) }
                    return stopped.isDone
                }
                if isDone { continuation.resume() }
            }
            // The thread has said that it is about to end: this blocks for microseconds.
            thread.withLock { $0 }?.join()
        }

        private func run() {
            while !isStopping.load(ordering: .relaxed) { rd_kafka_poll(handle, KafkaLimits.pollMilliseconds) }
            isClosed.withLock { $0 = true }
            rd_kafka_flush(handle, KafkaLimits.flushMilliseconds)
            // What is left is reported as purged: nobody waits for ever.
            rd_kafka_purge(handle, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT)
            while rd_kafka_outq_len(handle) > 0 { rd_kafka_poll(handle, KafkaLimits.pollMilliseconds) }
            rd_kafka_destroy(handle)
            let waiting = stopped.withLock { stopped in
                stopped.isDone = true
                defer { stopped.waiting = [] }
                return stopped.waiting
            }
            for continuation in waiting { continuation.resume() }
        }

        private func produce(
            _ message: RenderedMessage, of arena: MessageArena, to topic: String, _ delivery: KafkaDelivery
        ) -> rd_kafka_resp_err_t {
            let headers = rd_kafka_headers_new(8)
            arena.forEachAttribute(of: message) { key, value in
                rd_kafka_header_add(
                    headers, key.baseAddress?.assumingMemoryBound(to: CChar.self), key.count, value.baseAddress,
                    value.count)
            }
            let context = Unmanaged.passRetained(delivery)
            let error = arena.bytes.withUnsafeBytes { bytes in
                let payload = UnsafeRawBufferPointer(rebasing: bytes[message.data])
                return crdkafka_produce(
                    handle, topic, payload.baseAddress, payload.count, headers, context.toOpaque())
            }
            if error != RD_KAFKA_RESP_ERR_NO_ERROR {
                rd_kafka_headers_destroy(headers)
                context.release()
            }
            return error
        }

        private static func open(
            _ properties: [(name: String, value: String)]
        ) throws(DestinationConfigurationError) -> OpaquePointer {
            let configuration = rd_kafka_conf_new()
            var text = [CChar](repeating: 0, count: 512)
            // Whatever it wants to say comes back with the messages; it must not write to our standard error.
            rd_kafka_conf_set_log_cb(configuration, nil)
            rd_kafka_conf_set_dr_msg_cb(configuration, kafkaDeliveryReports)
            for (name, value) in properties {
                guard rd_kafka_conf_set(configuration, name, value, &text, text.count) == RD_KAFKA_CONF_OK else {
                    rd_kafka_conf_destroy(configuration)
                    throw KafkaProperties.malformed("\(name): librdkafka does not take it with this value")
                }
            }
            guard let handle = rd_kafka_new(RD_KAFKA_PRODUCER, configuration, &text, text.count) else {
                rd_kafka_conf_destroy(configuration)
                let reason = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
                throw DestinationConfigurationError(code: .startup, message: "librdkafka does not start: \(reason)")
            }
            return handle
        }
    }
#endif
