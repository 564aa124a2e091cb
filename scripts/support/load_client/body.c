// The prepared body: where its event ids are, how they get their numbers, and what the responses must say.
#define _GNU_SOURCE
#include "load_client.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ID_LENGTH = 36, NUMBER_DIGITS = 12, FIELD_REJECTIONS = 1000, FIELD_DUPLICATES = 1001 };

Body body;
static char pairs[256][2]; // each byte as two hex digits
static int8_t digit_values[256];
static uint8_t *seen; // of the batch whose response is being checked

static uint32_t be32(const uint8_t *p) { return (uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3]; }

static uint64_t varint(const uint8_t **p, const uint8_t *end) {
    uint64_t value = 0;
    for (int shift = 0; *p < end && shift < 64; shift += 7) {
        uint8_t byte = *(*p)++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) return value;
    }
    die("malformed protobuf");
}

// The next field, which must be length-delimited: its number, with its contents in *value and *length.
static uint32_t next_field(const uint8_t **p, const uint8_t *end, const uint8_t **value, size_t *length) {
    uint64_t tag = varint(p, end);
    if ((tag & 7) != 2) die("an unexpected field in a message");
    *length = varint(p, end);
    if (*length > (size_t)(end - *p)) die("malformed protobuf");
    *value = *p;
    *p += *length;
    return tag >> 3;
}

// Finds the id of each event: body → events → event, whose first field is the id.
static void index_batch(Message *m) {
    const uint8_t *p = m->bytes + GRPC_HEADER, *events, *event, *id;
    size_t length;
    if (next_field(&p, m->bytes + m->length, &events, &length) != 2) die("the body has something else than events");
    const uint8_t *end = events + length;
    uint32_t count = 0, capacity = 0;
    while (events < end) {
        next_field(&events, end, &event, &length);
        if (next_field(&event, event + length, &id, &length) != 1 || length != ID_LENGTH) die("an event without id");
        if (count == capacity) {
            capacity = capacity ? capacity * 2 : 16;
            if (!(m->digits = realloc(m->digits, capacity * sizeof *m->digits))) die("realloc");
        }
        m->digits[count++] = id + ID_LENGTH - NUMBER_DIGITS - m->bytes;
    }
    if (!count || (body.events && body.events != count)) die("the batches of the body differ in size");
    body.events = count;
}

void load_body(const char *path) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;
    if (file < 0 || fstat(file, &status)) die(path);
    uint8_t *bytes = malloc(status.st_size);
    if (!bytes) die("malloc");
    for (off_t at = 0; at < status.st_size;) {
        ssize_t got = read(file, bytes + at, status.st_size - at);
        if (got <= 0) die(path);
        at += got;
    }
    close(file);
    for (off_t at = 0; at + GRPC_HEADER <= status.st_size;) {
        Message message = {bytes + at, GRPC_HEADER + be32(bytes + at + 1), NULL};
        at += message.length;
        if (at > status.st_size) die("the body is cut off");
        if (!body.metadata.bytes) {
            body.metadata = message;
            continue;
        }
        index_batch(&message);
        if (!(body.batches = realloc(body.batches, (body.count + 1) * sizeof message))) die("realloc");
        body.batches[body.count++] = message;
    }
    if (!body.count || !(seen = malloc(body.events))) die("the body has no batch");
    const char *digits = "0123456789abcdef";
    memset(digit_values, -1, sizeof digit_values);
    for (int i = 0; i < 16; i++) digit_values[(uint8_t)digits[i]] = i;
    for (int i = 0; i < 256; i++) pairs[i][0] = digits[i >> 4], pairs[i][1] = digits[i & 15];
}

static uint64_t number_of_batch(int connection, uint64_t n) {
    return first_number + (n * connection_count + connection) * body.events;
}

uint64_t own_batches(int connection) { return (body.count - connection + connection_count - 1) / connection_count; }

const Message *numbered_batch(int connection, uint64_t n) {
    const Message *m = &body.batches[connection + n % own_batches(connection) * connection_count];
    uint64_t number = number_of_batch(connection, n);
    for (uint32_t event = 0; event < body.events; event++, number++) {
        uint8_t *p = m->bytes + m->digits[event];
        for (int i = 0; i < NUMBER_DIGITS / 2; i++) memcpy(p + 2 * i, pairs[number >> (40 - 8 * i) & 255], 2);
    }
    return m;
}

// Which event of a batch an id belongs to.
static uint64_t place_of(const uint8_t *id, size_t length, uint64_t first) {
    if (length != ID_LENGTH) die("a response has an id that was not sent");
    uint64_t number = 0;
    for (const uint8_t *p = id + ID_LENGTH - NUMBER_DIGITS; p < id + ID_LENGTH; p++) {
        if (digit_values[*p] < 0) die("a response has an id that was not sent");
        number = number << 4 | digit_values[*p];
    }
    if (number - first >= body.events) die("a response has an id of another batch");
    return number - first;
}

void check_response(int connection, uint64_t n, const uint8_t *bytes, size_t length) {
    uint64_t first = number_of_batch(connection, n), acknowledged = 0;
    const uint8_t *end = bytes + length, *value;
    memset(seen, 0, body.events);
    while (bytes < end) {
        size_t size;
        switch (next_field(&bytes, end, &value, &size)) {
        case 1:
            if (seen[place_of(value, size, first)]++) die("an event is acknowledged twice");
            acknowledged++;
            break;
        case FIELD_REJECTIONS: die("an event was rejected");
        case FIELD_DUPLICATES:
            place_of(value, size, first);
            tally.duplicates++;
            break;
        default: break;
        }
    }
    if (acknowledged != body.events) die("an event was not acknowledged");
    tally.events += acknowledged;
}
