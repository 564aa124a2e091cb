// Sends batches of events to ingest and checks what it answers. Every event has an id of its own.
//
//   load_client pace --port N --body FILE [--connections 4] [--first N] --interval-us U --seconds S [--warmup 1]
//   load_client rate --port N --body FILE [--connections 4] [--first N] --call-batches N (--seconds S | --batches N)
//   load_client delivered --events N FILE…
//   load_client swallow --events N DIRECTORY
//
// FILE is a request body of request_body.py: gRPC frames, the metadata first, then batches of equal size. Before a
// batch is sent, its events get consecutive numbers from --first on as the last 12 digits of their ids. Each response
// must acknowledge each event of its batch exactly once; duplicates that it names are counted.
//
// pace  Each connection has one call and sends one batch every interval. A batch's latency runs from the time at which
//       the schedule wanted it sent, not from the time at which it was: when the server falls behind, the wait of the
//       batches behind it counts (no coordinated omission). It ends with the last byte of the response.
// rate  As fast as the server takes them, one call of --call-batches at a time on each connection, for some seconds or
//       until each connection has sent --batches. The same arguments send the same bytes again.
// delivered  Checks that the files' lines are the events numbered 0 to N - 1, each exactly once.
// swallow  What a fast destination does: checks finished files and removes them, again and again until its input ends.
//       No number twice and none from N on; as many events as the end of their numbers means that each is there.
//
// One thread and no copies of the body, because the client shares the processor with the server that it measures.
// Prints one JSON object; exit code 1 when anything but the expected responses came.
#define _GNU_SOURCE
#include "load_client.h"
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>

enum { MAX_CONNECTIONS = 64, STALL_SECONDS = 30, WAKE_NS = 100000000 };

Tally tally;
uint64_t first_number;
int connection_count = 4;
static Connection connections[MAX_CONNECTIONS];
static int paced;
static int64_t start_at, end_at, last_progress; // ns
static int64_t interval, warmup;                // pace, ns
static uint64_t call_batches;                   // rate
static int64_t *latencies;
static size_t latency_count;

void die(const char *what) {
    fprintf(stderr, "load_client: %s: %s\n", what, errno ? strerror(errno) : "unexpected");
    exit(1);
}

int64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

// When a connection's batch is due: the connections' schedules are spread evenly over the interval.
static int64_t due(const Connection *c, uint64_t n) {
    return start_at + interval * c->index / connection_count + (int64_t)n * interval;
}

void batch_begins(Connection *c, int64_t now) {
    if (paced && now - due(c, c->sent) > tally.worst_lateness) tally.worst_lateness = now - due(c, c->sent);
}

void batch_answered(Connection *c, int64_t now) {
    tally.last_answer = now;
    if (!paced) return;
    int64_t wanted = due(c, c->acknowledged);
    if (wanted >= start_at + warmup) latencies[latency_count++] = now - wanted;
}

int call_is_complete(const Connection *c, int64_t now) {
    if (paced) return now >= end_at && c->acknowledged == c->sent;
    return c->sent == c->call_end || c->sent >= c->allowed;
}

// Whether the connection has more to do.
static int advance(Connection *c, int64_t now, uint64_t total, int64_t *wake) {
    if (paced) {
        int64_t since = now - due(c, 0);
        uint64_t wanted = since < 0 ? 0 : (uint64_t)(since / interval) + 1;
        c->allowed = wanted < total ? wanted : total;
        if (c->allowed < total && due(c, c->allowed) < *wake) *wake = due(c, c->allowed);
        return !c->ended;
    }
    c->allowed = now < end_at ? total : c->sent;
    if (!c->ended) return 1;
    if (c->sent >= c->allowed) return 0;
    begin_call(c);
    c->call_end = c->sent + call_batches;
    return 1;
}

static void run(uint64_t total) {
    struct pollfd polls[MAX_CONNECTIONS];
    for (;;) {
        int64_t now = now_ns(), wake = now + WAKE_NS;
        int open = 0;
        for (int i = 0; i < connection_count; i++) {
            Connection *c = &connections[i];
            int is_open = advance(c, now, total, &wake), wants_write = is_open && flush_connection(c);
            polls[i] = (struct pollfd){is_open ? c->socket : -1, POLLIN | (wants_write ? POLLOUT : 0), 0};
            open += is_open;
            if (c->acknowledged == c->sent) last_progress = now;
        }
        if (!open) return;
        errno = 0;
        if (now - last_progress > (int64_t)STALL_SECONDS * 1000000000) die("no answer for a long time");
        int64_t left = wake - now_ns();
        struct timespec timeout = {0, left > 0 ? left : 0};
        if (ppoll(polls, connection_count, &timeout, NULL) < 0 && errno != EINTR) die("poll");
        for (int i = 0; i < connection_count; i++) {
            if (polls[i].fd < 0 || !(polls[i].revents & (POLLIN | POLLHUP | POLLERR))) continue;
            last_progress = now;
            receive(&connections[i]);
        }
    }
}

static int compare(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static double percentile(double share) { // nearest rank, ms
    size_t rank = (size_t)(share * latency_count + 0.999999);
    return latencies[rank ? rank - 1 : 0] / 1e6;
}

static double cpu_seconds(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void report(double cpu) {
    uint64_t batches = 0, most = 0;
    for (int i = 0; i < connection_count; i++) {
        Connection *c = &connections[i];
        if (c->sent != c->acknowledged) die("responses are missing");
        batches += c->sent;
        if (c->sent > most) most = c->sent;
    }
    errno = 0;
    if (!batches) die("nothing was sent");
    printf("{\"batches\":%llu,\"events\":%llu,\"duplicates\":%llu,\"next\":%llu,\"seconds\":%.6f,\"cpu_seconds\":%.3f",
           (unsigned long long)batches, (unsigned long long)tally.events, (unsigned long long)tally.duplicates,
           (unsigned long long)(first_number + most * connection_count * body.events),
           (tally.last_answer - start_at) / 1e9, cpu);
    if (paced) {
        if (!latency_count) die("nothing was sent after the warm-up");
        qsort(latencies, latency_count, sizeof *latencies, compare);
        printf(",\"samples\":%zu,\"p50\":%.3f,\"p90\":%.3f,\"p99\":%.3f,\"p999\":%.3f,\"max\":%.3f,"
               "\"worst_send_lateness\":%.3f",
               latency_count, percentile(0.5), percentile(0.9), percentile(0.99), percentile(0.999),
               latencies[latency_count - 1] / 1e6, tally.worst_lateness / 1e6);
    }
    printf("}\n");
}

int main(int argc, char **argv) {
    int port = 0;
    double seconds = 0, warmup_seconds = 1;
    uint64_t batches = 0;
    const char *path = NULL;
    errno = EINVAL;
    if (argc < 2) die("arguments");
    if (!strcmp(argv[1], "delivered")) {
        if (argc < 4 || strcmp(argv[2], "--events")) die("arguments");
        return check_delivered(strtoull(argv[3], NULL, 10), argc - 4, argv + 4);
    }
    if (!strcmp(argv[1], "swallow")) {
        if (argc != 5 || strcmp(argv[2], "--events")) die("arguments");
        return swallow_delivered(strtoull(argv[3], NULL, 10), argv[4]);
    }
    paced = !strcmp(argv[1], "pace");
    if (!paced && strcmp(argv[1], "rate")) die(argv[1]);
    for (int i = 2; i < argc; i += 2) {
        const char *name = argv[i], *value = i + 1 < argc ? argv[i + 1] : "";
        if (!strcmp(name, "--port")) port = atoi(value);
        else if (!strcmp(name, "--body")) path = value;
        else if (!strcmp(name, "--connections")) connection_count = atoi(value);
        else if (!strcmp(name, "--first")) first_number = strtoull(value, NULL, 10);
        else if (!strcmp(name, "--interval-us")) interval = (int64_t)(atof(value) * 1000);
        else if (!strcmp(name, "--seconds")) seconds = atof(value);
        else if (!strcmp(name, "--warmup")) warmup_seconds = atof(value);
        else if (!strcmp(name, "--batches")) batches = strtoull(value, NULL, 10);
        else if (!strcmp(name, "--call-batches")) call_batches = strtoull(value, NULL, 10);
        else die(name);
    }
    if (!port || !path || connection_count < 1 || connection_count > MAX_CONNECTIONS) die("arguments");
    if (paced ? interval < 1000 || seconds <= 0 : !call_batches || (seconds <= 0) == !batches) die("arguments");
    prctl(PR_SET_TIMERSLACK, 1UL);
    prctl(PR_SET_PDEATHSIG, 9);
    load_body(path);
    if (body.count < (size_t)connection_count) die("the body has fewer batches than there are connections");

    for (int i = 0; i < connection_count; i++) {
        connections[i].index = i;
        open_connection(&connections[i], port);
        begin_call(&connections[i]);
        connections[i].call_end = paced ? UINT64_MAX : call_batches;
    }
    double cpu = cpu_seconds();
    start_at = last_progress = now_ns() + (paced ? WAKE_NS : 0);
    warmup = (int64_t)(warmup_seconds * 1e9);
    uint64_t total = batches ? batches : UINT64_MAX;
    end_at = INT64_MAX;
    if (paced) end_at = start_at + warmup + (int64_t)(seconds * 1e9);
    else if (seconds > 0) end_at = start_at + (int64_t)(seconds * 1e9);
    if (paced) {
        total = (end_at - start_at) / interval;
        if (!(latencies = malloc((total + 1) * connection_count * sizeof *latencies))) die("malloc");
    }
    run(total);
    errno = 0;
    report(cpu_seconds() - cpu);
    return 0;
}
