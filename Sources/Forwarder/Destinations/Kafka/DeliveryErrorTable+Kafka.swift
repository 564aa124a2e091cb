#if Kafka
    internal import CRDKafka

    extension DeliveryErrorTable {
        /// For a result of librdkafka, which has tried again by itself where that may help, until the deadline.
        static func verdict(kafkaCode: rd_kafka_resp_err_t) -> Verdict {
            switch kafkaCode {
            case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_RESP_ERR_INVALID_MSG,
                RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE,
                RD_KAFKA_RESP_ERR_INVALID_RECORD, RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
                Verdict(.invalid, .batch, retriable: false)
            case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC,
                RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION, RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
                Verdict(.notFound, .destination, retriable: false)
            case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
                Verdict(.permissionDenied, .destination, retriable: false)
            case RD_KAFKA_RESP_ERR__AUTHENTICATION, RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
                Verdict(.unauthenticated, .destination, retriable: false)
            case RD_KAFKA_RESP_ERR__SSL: Verdict(.tls, .destination, retriable: true)
            case RD_KAFKA_RESP_ERR__RESOLVE: Verdict(.dns, .destination, retriable: true)
            case RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
                Verdict(.connect, .destination, retriable: true)
            case RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, RD_KAFKA_RESP_ERR__TIMED_OUT, RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT:
                Verdict(.timeout, .destination, retriable: true)
            case RD_KAFKA_RESP_ERR_THROTTLING_QUOTA_EXCEEDED: Verdict(.quota, .destination, retriable: true)
            case RD_KAFKA_RESP_ERR__QUEUE_FULL: Verdict(.overloaded, .local, retriable: true)
            case RD_KAFKA_RESP_ERR__INTR: Verdict(.cancelled, .local, retriable: true)
            case RD_KAFKA_RESP_ERR__DESTROY, RD_KAFKA_RESP_ERR__PURGE_QUEUE, RD_KAFKA_RESP_ERR__PURGE_INFLIGHT:
                Verdict(.shutDown, .local, retriable: true)
            default: Verdict(.unavailable, .destination, retriable: true)
            }
        }
    }
#endif
