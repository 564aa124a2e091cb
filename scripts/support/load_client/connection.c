// One HTTP/2 connection with one RecordEvents call at a time, over a raw socket. No HPACK decoder: each batch needs a
// response, and each response is checked, so failures do not hide in headers that nobody reads.
#define _GNU_SOURCE
#include "load_client.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DATA = 0, HEADERS = 1, RST_STREAM = 3, SETTINGS = 4, PING = 6, GOAWAY = 7, WINDOW_UPDATE = 8 };
enum { END_STREAM = 1, ACKNOWLEDGED = 1, END_HEADERS = 4 };
enum { INITIAL_WINDOW_SIZE = 4, MAX_FRAME_SIZE = 5 };
enum { DEFAULT_WINDOW = 65535, DEFAULT_FRAME = 16384, RECEIVE_WINDOW = 1 << 30, MAXIMUM_RESPONSE = 64 << 20 };

static uint32_t be32(const uint8_t *p) { return (uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3]; }

static void frame_head(uint8_t *p, size_t length, int type, int flags, uint32_t stream) {
    uint8_t head[] = {length >> 16, length >> 8, length, type, flags, stream >> 24, stream >> 16, stream >> 8, stream};
    memcpy(p, head, sizeof head);
}

static void put(Connection *c, const void *bytes, size_t length) {
    if (c->control_length + length > sizeof c->control) die("too many control frames unanswered");
    memcpy(c->control + c->control_length, bytes, length);
    c->control_length += length;
}

static void put_frame(Connection *c, int type, int flags, uint32_t stream, const void *payload, size_t length) {
    uint8_t head[FRAME_HEADER];
    frame_head(head, length, type, flags, stream);
    put(c, head, sizeof head);
    if (length) put(c, payload, length);
}

static void put_window(Connection *c, uint32_t stream, uint32_t bytes) {
    uint8_t payload[] = {bytes >> 24, bytes >> 16, bytes >> 8, bytes};
    put_frame(c, WINDOW_UPDATE, 0, stream, payload, sizeof payload);
}

static size_t literal(uint8_t *p, const char *name, const char *value) {
    size_t n = strlen(name), v = strlen(value);
    p[0] = 0; // literal, not indexed, new name; every string here is shorter than 127 bytes
    p[1] = n;
    memcpy(p + 2, name, n);
    p[2 + n] = v;
    memcpy(p + 3 + n, value, v);
    return 3 + n + v;
}

void open_connection(Connection *c, int port) {
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int on = 1;
    c->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->socket < 0 || connect(c->socket, (struct sockaddr *)&address, sizeof address)) die("connect");
    setsockopt(c->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fcntl(c->socket, F_SETFL, O_NONBLOCK);
    c->connection_window = c->initial_window = DEFAULT_WINDOW;
    c->max_frame = DEFAULT_FRAME;
    if (!(c->input = malloc(INPUT_BYTES))) die("malloc");
    put(c, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 24);
    // So large that responses never wait for us.
    uint8_t setting[] = {0, INITIAL_WINDOW_SIZE, RECEIVE_WINDOW >> 24, 0, 0, 0};
    put_frame(c, SETTINGS, 0, 0, setting, sizeof setting);
    put_window(c, 0, RECEIVE_WINDOW - DEFAULT_WINDOW);
}

void begin_call(Connection *c) {
    c->stream = c->stream ? c->stream + 2 : 1;
    c->stream_window = c->initial_window;
    c->metadata_sent = c->half_closed = c->ended = 0;
    c->stream_consumed = 0;
    uint8_t block[512] = {0x83, 0x86}; // :method POST, :scheme http
    size_t length = 2;
    length += literal(block + length, ":path", "/telemetrygateway.v1.TelemeteryGatewayService/RecordEvents");
    length += literal(block + length, ":authority", "127.0.0.1");
    length += literal(block + length, "content-type", "application/grpc");
    length += literal(block + length, "te", "trailers");
    put_frame(c, HEADERS, END_HEADERS, c->stream, block, length);
}

// The message to send next. Returns 0 when there is none now. `begun` counts those of which frames are queued.
static int next_message(Connection *c, int64_t now, uint64_t *begun) {
    const Message *m;
    if (!c->metadata_sent) {
        m = &body.metadata;
        c->metadata_sent = 1;
    } else if (c->sent < c->allowed && c->sent < c->call_end && *begun < own_batches(c->index)) {
        batch_begins(c, now);
        m = numbered_batch(c->index, c->sent++);
        (*begun)++;
    } else {
        return 0;
    }
    c->message = m->bytes;
    c->message_left = m->length;
    return 1;
}

static void queue_bytes(Connection *c, const void *bytes, size_t length) {
    c->queue[c->queue_count++] = (struct iovec){(void *)bytes, length};
}

static size_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

// Queues what may be written now: control frames, then data frames as far as the windows go. A message has frames of
// its own, as with gRPC's own clients.
static void fill_queue(Connection *c) {
    int64_t now = now_ns();
    uint64_t begun = c->message_left > 0;
    c->queue_at = c->queue_count = 0;
    if ((c->control_queued = c->control_length)) queue_bytes(c, c->control, c->control_length);
    if (c->ended || c->half_closed) return;
    for (int i = 0; i < QUEUED_FRAMES; i++) {
        if (!c->message_left && !next_message(c, now, &begun)) {
            if (!call_is_complete(c, now)) return;
            c->half_closed = 1;
            frame_head(c->heads[i], 0, DATA, END_STREAM, c->stream);
            queue_bytes(c, c->heads[i], FRAME_HEADER);
            return;
        }
        int64_t room = smaller(smaller(c->stream_window, c->connection_window), smaller(c->max_frame, c->message_left));
        if (room <= 0) return;
        frame_head(c->heads[i], room, DATA, 0, c->stream);
        queue_bytes(c, c->heads[i], FRAME_HEADER);
        queue_bytes(c, c->message, room);
        c->stream_window -= room;
        c->connection_window -= room;
        c->message += room;
        c->message_left -= room;
    }
}

int flush_connection(Connection *c) {
    for (;;) {
        if (c->queue_at == c->queue_count) {
            // The control frames of the last queue are out; answers made since stay.
            c->control_length -= c->control_queued;
            memmove(c->control, c->control + c->control_queued, c->control_length);
            fill_queue(c);
            if (!c->queue_count) return 0;
        }
        ssize_t written = writev(c->socket, c->queue + c->queue_at, c->queue_count - c->queue_at);
        if (written < 0 && errno == EAGAIN) return 1;
        if (written < 0) die("write");
        while (c->queue_at < c->queue_count && (size_t)written >= c->queue[c->queue_at].iov_len)
            written -= c->queue[c->queue_at++].iov_len;
        if (written) {
            struct iovec *part = &c->queue[c->queue_at];
            part->iov_base = (uint8_t *)part->iov_base + written;
            part->iov_len -= written;
        }
    }
}

static void response_bytes(Connection *c, const uint8_t *p, size_t length, int64_t now) {
    while (length) {
        if (c->head_length < GRPC_HEADER) {
            c->head[c->head_length++] = *p++;
            length--;
            if (c->head_length < GRPC_HEADER) continue;
            c->response_size = be32(c->head + 1);
            c->response_length = 0;
            if (c->head[0] || c->response_size > MAXIMUM_RESPONSE) die("a response that is compressed or too large");
            if (c->response_size > c->response_capacity) {
                c->response_capacity = c->response_size;
                if (!(c->response = realloc(c->response, c->response_capacity))) die("realloc");
            }
        } else {
            size_t part = smaller(length, c->response_size - c->response_length);
            memcpy(c->response + c->response_length, p, part);
            c->response_length += part;
            p += part;
            length -= part;
        }
        if (c->response_length < c->response_size) continue;
        if (c->acknowledged >= c->sent) die("a response without a batch");
        check_response(c->index, c->acknowledged, c->response, c->response_size);
        batch_answered(c, now);
        c->acknowledged++;
        c->head_length = 0;
    }
}

static void settings(Connection *c, const uint8_t *p, size_t length) {
    for (; length >= 6; p += 6, length -= 6) {
        uint32_t value = be32(p + 2);
        if (p[1] == INITIAL_WINDOW_SIZE) {
            c->stream_window += (int64_t)value - c->initial_window;
            c->initial_window = value;
        }
        if (p[1] == MAX_FRAME_SIZE) c->max_frame = value;
    }
    put_frame(c, SETTINGS, ACKNOWLEDGED, 0, NULL, 0);
}

static void give_window(Connection *c, uint32_t stream, int64_t *consumed, size_t length) {
    if ((*consumed += length) <= RECEIVE_WINDOW / 2) return;
    put_window(c, stream, *consumed);
    *consumed = 0;
}

static void frame(Connection *c, int type, int flags, uint32_t stream, const uint8_t *p, size_t length, int64_t now) {
    errno = 0;
    switch (type) {
    case DATA:
        response_bytes(c, p, length, now);
        give_window(c, 0, &c->connection_consumed, length);
        give_window(c, c->stream, &c->stream_consumed, length);
        if (flags & END_STREAM) c->ended = 1;
        break;
    case HEADERS: if (flags & END_STREAM) c->ended = 1; break;
    case SETTINGS: if (!(flags & ACKNOWLEDGED)) settings(c, p, length); break;
    case PING: if (!(flags & ACKNOWLEDGED)) put_frame(c, PING, ACKNOWLEDGED, 0, p, length); break;
    case WINDOW_UPDATE:
        if (!stream) c->connection_window += be32(p) & 0x7fffffff;
        if (stream == c->stream) c->stream_window += be32(p) & 0x7fffffff;
        break;
    case RST_STREAM: case GOAWAY: die("the server ended the call"); break;
    default: break;
    }
    if (c->ended && (!c->half_closed || c->acknowledged != c->sent)) die("the server ended the call early");
}

void receive(Connection *c) {
    for (;;) {
        ssize_t got = read(c->socket, c->input + c->input_length, INPUT_BYTES - c->input_length);
        if (got < 0 && errno == EAGAIN) return;
        if (got <= 0) die("the server closed the connection");
        int64_t now = now_ns();
        c->input_length += got;
        size_t at = 0;
        while (c->input_length - at >= FRAME_HEADER) {
            const uint8_t *p = c->input + at;
            size_t length = (size_t)p[0] << 16 | p[1] << 8 | p[2];
            if (c->input_length - at < FRAME_HEADER + length) break;
            frame(c, p[3], p[4], be32(p + 5) & 0x7fffffff, p + FRAME_HEADER, length, now);
            at += FRAME_HEADER + length;
        }
        memmove(c->input, c->input + at, c->input_length - at);
        c->input_length -= at;
        if (c->ended) return;
    }
}
