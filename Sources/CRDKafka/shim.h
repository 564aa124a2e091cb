#ifndef CRDKAFKA_SHIM_H
#define CRDKAFKA_SHIM_H

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

// Variadic functions are not imported into Swift.

/// Queues a copy of one message. `context` comes back with its delivery report; the headers are the library's when this
/// succeeds, and the caller's otherwise.
static inline rd_kafka_resp_err_t crdkafka_produce(
    rd_kafka_t *client, const char *topic, const void *payload, size_t length, rd_kafka_headers_t *headers,
    void *context) {
    return rd_kafka_producev(
        client, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_VALUE((void *)payload, length),
        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_OPAQUE(context),
        RD_KAFKA_V_END);
}

/// Lets the next request of this kind fail at a mock cluster.
static inline void crdkafka_mock_fail(
    rd_kafka_mock_cluster_t *cluster, int16_t api_key, rd_kafka_resp_err_t error) {
    rd_kafka_mock_push_request_errors(cluster, api_key, 1, error);
}

#endif
