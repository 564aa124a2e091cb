#if Kafka
    internal import CRDKafka
    internal import Synchronization

    /// One delivery under way: counts the reports of its messages and wakes whoever waits for the last.
    final class KafkaDelivery: Sendable {
        private struct State {
            var waitingFor: Int
            var failure: rd_kafka_resp_err_t?
            var isCancelled = false
            var continuation: CheckedContinuation<rd_kafka_resp_err_t?, Never>?
        }

        private let state: Mutex<State>

        init(messages: Int) {
            state = Mutex(State(waitingFor: messages))
        }

        /// So many messages have arrived, or failed alike.
        func report(_ error: rd_kafka_resp_err_t, messages: Int = 1) {
            let (continuation, failure) = state.withLock { state in
                state.waitingFor -= messages
                if error != RD_KAFKA_RESP_ERR_NO_ERROR, state.failure == nil { state.failure = error }
                guard state.waitingFor <= 0 else {
                    return (nil as CheckedContinuation<rd_kafka_resp_err_t?, Never>?, nil as rd_kafka_resp_err_t?)
                }
                defer { state.continuation = nil }
                return (state.continuation, state.failure)
            }
            continuation?.resume(returning: failure)
        }

        /// The first failure, once there is a report of each message. A task that is cancelled waits for none.
        func failure() async -> rd_kafka_resp_err_t? {
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let isComplete = state.withLock { state in
                        guard state.waitingFor > 0, !state.isCancelled else { return true }
                        state.continuation = continuation
                        return false
                    }
                    if isComplete { continuation.resume(returning: state.withLock { $0.failure }) }
                }
            } onCancel: {
                cancel()
            }
        }

        private func cancel() {
            let continuation = state.withLock { state in
                state.isCancelled = true
                if state.failure == nil, state.waitingFor > 0 { state.failure = RD_KAFKA_RESP_ERR__INTR }
                defer { state.continuation = nil }
                return state.continuation
            }
            continuation?.resume(returning: RD_KAFKA_RESP_ERR__INTR)
        }
    }

    /// librdkafka reports what became of one message.
    func kafkaDeliveryReports(
        _ client: OpaquePointer?, _ message: UnsafePointer<rd_kafka_message_t>?, _ context: UnsafeMutableRawPointer?
    ) {
        guard let message, let delivery = message.pointee._private else { return }
        Unmanaged<KafkaDelivery>.fromOpaque(delivery).takeRetainedValue().report(message.pointee.err)
    }
#endif
