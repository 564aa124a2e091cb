// Measures how long ingest takes to acknowledge a batch, on an open-loop schedule.
//
//   ack_latency --port N --body FILE [--connections 4] [--interval-us 25000] [--seconds 10] [--warmup 1]
//
// FILE is a request body of request_body.py: gRPC frames, the metadata first, then batches. Each connection
// has one RecordEvents stream and sends one batch every interval, round robin through FILE. A batch's latency runs from
// the time at which the schedule wanted it sent, not from the time at which it was: when the server falls behind, the wait
// of the batches behind it counts (no coordinated omission). It ends with the last byte of the response.
//
// Plain HTTP/2 with prior knowledge over raw sockets in one poll loop, because the client shares the processor with the
// server that it measures: no copies of the body, no HPACK decoder (every batch needs a response message, so failures
// show as missing ones). Prints one JSON object; exit code 1 when anything but the expected responses came.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { DATA = 0, HEADERS = 1, RST_STREAM = 3, SETTINGS = 4, PING = 6, GOAWAY = 7, WINDOW_UPDATE = 8 };
enum { MAX_CONNECTIONS = 64, MAX_FRAMES = 1 << 20, INPUT_BYTES = 1 << 20, FRAME_HEADER = 9, GRPC_HEADER = 5 };
enum { RECEIVE_WINDOW = 1 << 30, STALL_SECONDS = 30 };

typedef struct { const uint8_t *bytes; size_t length; } Message;

typedef struct {
    int socket;
    int64_t stream_window, connection_window, initial_window, max_frame;
    uint64_t scheduled, sent, acknowledged;      // batches: due so far, wholly written, answered
    int64_t offset;                              // of this connection's schedule, ns
    const uint8_t *message; size_t message_left; // the message being written
    uint8_t head[FRAME_HEADER]; size_t head_left; size_t frame_left; // the DATA frame being written
    uint8_t control[1024]; size_t control_length; // SETTINGS and PING answers, written between frames
    int metadata_sent, half_closed, ended;
    uint8_t *input; size_t input_length;
    uint8_t grpc[GRPC_HEADER]; size_t grpc_length; size_t response_left; // where in a response message we are
    int64_t consumed;                            // response bytes since the last WINDOW_UPDATE
} Connection;

static Message messages[MAX_FRAMES];
static size_t message_count;
static int64_t *latencies;
static size_t latency_count;
static int64_t start_at, interval, warmup, end_at, worst_lateness;

static void die(const char *what) {
    fprintf(stderr, "ack_latency: %s: %s\n", what, errno ? strerror(errno) : "unexpected");
    exit(1);
}

static int64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

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
    put_frame(c, WINDOW_UPDATE, 0, stream, payload, 4);
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

static void open_connection(Connection *c, int port) {
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int on = 1;
    c->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->socket < 0 || connect(c->socket, (struct sockaddr *)&address, sizeof address)) die("connect");
    setsockopt(c->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fcntl(c->socket, F_SETFL, O_NONBLOCK);
    c->stream_window = c->connection_window = c->initial_window = 65535;
    c->max_frame = 16384;
    if (!(c->input = malloc(INPUT_BYTES))) die("malloc");

    put(c, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 24);
    // SETTINGS_INITIAL_WINDOW_SIZE, so that responses never wait for us.
    uint8_t setting[] = {0, 4, RECEIVE_WINDOW >> 24, 0, 0, 0};
    put_frame(c, SETTINGS, 0, 0, setting, sizeof setting);
    put_window(c, 0, RECEIVE_WINDOW - 65535);
    uint8_t block[512] = {0x83, 0x86}; // :method POST, :scheme http
    size_t length = 2;
    length += literal(block + length, ":path", "/telemetrygateway.v1.TelemeteryGatewayService/RecordEvents");
    length += literal(block + length, ":authority", "127.0.0.1");
    length += literal(block + length, "content-type", "application/grpc");
    length += literal(block + length, "te", "trailers");
    put_frame(c, HEADERS, 4, 1, block, length);
}

// What to send next, when nothing is half sent. Returns 0 when there is nothing to send now.
static int prepare(Connection *c, int64_t now) {
    if (!c->message_left) {
        if (!c->metadata_sent) {
            c->message = messages[0].bytes;
            c->message_left = messages[0].length;
            c->metadata_sent = 1;
        } else if (c->sent < c->scheduled) {
            Message *m = &messages[1 + c->sent % (message_count - 1)];
            int64_t late = now - (start_at + c->offset + (int64_t)c->sent * interval);
            if (late > worst_lateness) worst_lateness = late;
            c->message = m->bytes;
            c->message_left = m->length;
            c->sent++;
        } else if (now >= end_at && c->acknowledged == c->sent && !c->half_closed) {
            c->half_closed = 1;
            frame_head(c->head, 0, DATA, 1, 1);
            c->head_left = FRAME_HEADER;
            return 1;
        } else {
            return 0;
        }
    }
    int64_t room = c->max_frame;
    if (room > c->stream_window) room = c->stream_window;
    if (room > c->connection_window) room = c->connection_window;
    if (room > (int64_t)c->message_left) room = c->message_left;
    if (room <= 0) return 0;
    frame_head(c->head, room, DATA, 0, 1);
    c->head_left = FRAME_HEADER;
    c->frame_left = room;
    c->stream_window -= room;
    c->connection_window -= room;
    return 1;
}

// Writes until the socket is full or there is nothing to send. Returns whether it wants to be called when writable.
static int flush(Connection *c) {
    for (;;) {
        // A frame that is half written goes first: nothing may come between its bytes.
        int in_frame = c->head_left || c->frame_left;
        if (!in_frame && !c->control_length && !(in_frame = prepare(c, now_ns()))) return 0;
        struct iovec parts[2];
        int count = 0;
        if (!in_frame) {
            parts[count++] = (struct iovec){c->control, c->control_length};
        } else {
            if (c->head_left) parts[count++] = (struct iovec){c->head + FRAME_HEADER - c->head_left, c->head_left};
            if (c->frame_left) parts[count++] = (struct iovec){(void *)c->message, c->frame_left};
        }
        ssize_t written = writev(c->socket, parts, count);
        if (written < 0 && errno == EAGAIN) return 1;
        if (written < 0) die("write");
        if (!in_frame) {
            memmove(c->control, c->control + written, c->control_length - written);
            c->control_length -= written;
            continue;
        }
        size_t head = (size_t)written < c->head_left ? (size_t)written : c->head_left;
        c->head_left -= head;
        size_t body = written - head;
        c->message += body;
        c->frame_left -= body;
        c->message_left -= body;
    }
}

static void acknowledged(Connection *c, int64_t now) {
    int64_t due = c->offset + (int64_t)c->acknowledged * interval;
    if (c->acknowledged >= c->sent) die("a response without a batch");
    c->acknowledged++;
    if (due >= warmup) latencies[latency_count++] = now - start_at - due;
}

static void response_bytes(Connection *c, const uint8_t *p, size_t length, int64_t now) {
    while (length) {
        if (c->grpc_length < GRPC_HEADER) {
            c->grpc[c->grpc_length++] = *p++;
            length--;
            if (c->grpc_length < GRPC_HEADER) continue;
            c->response_left = be32(c->grpc + 1);
        } else {
            size_t part = length < c->response_left ? length : c->response_left;
            p += part;
            length -= part;
            c->response_left -= part;
        }
        if (!c->response_left) {
            acknowledged(c, now);
            c->grpc_length = 0;
        }
    }
}

static void settings(Connection *c, const uint8_t *p, size_t length) {
    for (; length >= 6; p += 6, length -= 6) {
        uint32_t value = be32(p + 2);
        if (p[1] == 4) {
            c->stream_window += (int64_t)value - c->initial_window;
            c->initial_window = value;
        }
        if (p[1] == 5) c->max_frame = value;
    }
    put_frame(c, SETTINGS, 1, 0, NULL, 0);
}

static void frame(Connection *c, int type, int flags, uint32_t stream, const uint8_t *p, size_t length, int64_t now) {
    switch (type) {
    case DATA:
        response_bytes(c, p, length, now);
        if ((c->consumed += length) > RECEIVE_WINDOW / 2) {
            put_window(c, 0, c->consumed);
            put_window(c, 1, c->consumed);
            c->consumed = 0;
        }
        if (flags & 1) c->ended = 1;
        break;
    case HEADERS: if (flags & 1) c->ended = 1; break;
    case SETTINGS: if (!(flags & 1)) settings(c, p, length); break;
    case PING: if (!(flags & 1)) put_frame(c, PING, 1, 0, p, length); break;
    case WINDOW_UPDATE: *(stream ? &c->stream_window : &c->connection_window) += be32(p) & 0x7fffffff; break;
    case RST_STREAM: case GOAWAY: errno = 0; die("the server ended the stream"); break;
    }
    if (c->ended && !c->half_closed) { errno = 0; die("the server ended the stream early"); }
}

static void receive(Connection *c) {
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

static void load(const char *path) {
    int file = open(path, O_RDONLY);
    struct stat status;
    if (file < 0 || fstat(file, &status)) die(path);
    uint8_t *bytes = malloc(status.st_size);
    for (off_t at = 0; at < status.st_size;) {
        ssize_t got = read(file, bytes + at, status.st_size - at);
        if (got <= 0) die(path);
        at += got;
    }
    close(file);
    for (off_t at = 0; at + GRPC_HEADER <= status.st_size && message_count < MAX_FRAMES;) {
        size_t length = GRPC_HEADER + be32(bytes + at + 1);
        messages[message_count++] = (Message){bytes + at, length};
        at += length;
    }
    if (message_count < 2) die("the body has no batch");
}

static int compare(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static double percentile(double share) { // nearest rank
    size_t rank = (size_t)(share * latency_count + 0.999999);
    return latencies[rank ? rank - 1 : 0] / 1e6;
}

int main(int argc, char **argv) {
    int port = 0, count = 4;
    double seconds = 10, warmup_seconds = 1;
    const char *body = NULL;
    interval = 25000000;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (!strcmp(argv[i], "--port")) port = atoi(argv[i + 1]);
        else if (!strcmp(argv[i], "--body")) body = argv[i + 1];
        else if (!strcmp(argv[i], "--connections")) count = atoi(argv[i + 1]);
        else if (!strcmp(argv[i], "--interval-us")) interval = (int64_t)(atof(argv[i + 1]) * 1000);
        else if (!strcmp(argv[i], "--seconds")) seconds = atof(argv[i + 1]);
        else if (!strcmp(argv[i], "--warmup")) warmup_seconds = atof(argv[i + 1]);
        else { errno = EINVAL; die(argv[i]); }
    }
    if (!port || !body || count < 1 || count > MAX_CONNECTIONS || interval < 1000) { errno = EINVAL; die("arguments"); }
    prctl(PR_SET_TIMERSLACK, 1UL);
    prctl(PR_SET_PDEATHSIG, 9);
    load(body);

    static Connection connections[MAX_CONNECTIONS];
    for (int i = 0; i < count; i++) open_connection(&connections[i], port);
    start_at = now_ns() + 100000000;
    warmup = (int64_t)(warmup_seconds * 1e9);
    end_at = start_at + warmup + (int64_t)(seconds * 1e9);
    uint64_t per_connection = (end_at - start_at) / interval;
    if (!(latencies = malloc((per_connection + 1) * count * sizeof *latencies))) die("malloc");
    for (int i = 0; i < count; i++) connections[i].offset = interval * i / count; // spread evenly

    struct pollfd polls[MAX_CONNECTIONS];
    for (int open = count; open > 0;) {
        int64_t now = now_ns(), wake = now + 100000000;
        if (now > end_at + (int64_t)STALL_SECONDS * 1000000000) {
            errno = ETIMEDOUT;
            die("waiting for the last responses");
        }
        open = 0;
        for (int i = 0; i < count; i++) {
            Connection *c = &connections[i];
            int64_t since = now - start_at - c->offset;
            uint64_t due = since < 0 ? 0 : (uint64_t)(since / interval) + 1;
            c->scheduled = due < per_connection ? due : per_connection;
            int64_t next = start_at + c->offset + (int64_t)c->scheduled * interval;
            if (c->scheduled < per_connection && next < wake) wake = next;
            int wants_write = c->ended ? 0 : flush(c);
            polls[i] = (struct pollfd){c->ended ? -1 : c->socket, POLLIN | (wants_write ? POLLOUT : 0), 0};
            if (!c->ended) open++;
        }
        if (!open) break;
        int64_t left = wake - now_ns();
        struct timespec timeout = {0, left > 0 ? left : 0};
        if (ppoll(polls, count, &timeout, NULL) < 0 && errno != EINTR) die("poll");
        for (int i = 0; i < count; i++)
            if (polls[i].fd >= 0 && polls[i].revents) receive(&connections[i]);
    }

    uint64_t sent = 0, answered = 0;
    for (int i = 0; i < count; i++) sent += connections[i].sent, answered += connections[i].acknowledged;
    qsort(latencies, latency_count, sizeof *latencies, compare);
    if (!latency_count || sent != answered) { errno = 0; die("responses are missing"); }
    printf("{\"batches\":%llu,\"samples\":%zu,\"p50\":%.3f,\"p90\":%.3f,\"p99\":%.3f,\"p999\":%.3f,\"max\":%.3f,"
           "\"worst_send_lateness\":%.3f}\n",
           (unsigned long long)sent, latency_count, percentile(0.5), percentile(0.9), percentile(0.99),
           percentile(0.999), latencies[latency_count - 1] / 1e6, worst_lateness / 1e6);
    return 0;
}
