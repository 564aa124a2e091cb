// What the files of the load client share. main.c says what the client is for.
#ifndef LOAD_CLIENT_H
#define LOAD_CLIENT_H
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

enum { FRAME_HEADER = 9, GRPC_HEADER = 5, QUEUED_FRAMES = 32, CONTROL_BYTES = 4096, INPUT_BYTES = 1 << 20 };

// One gRPC message of the body. `digits` are the places of the last 12 digits of each event's id, its number.
typedef struct { uint8_t *bytes; size_t length; uint32_t *digits; } Message;

// The body: the metadata, and batches that all have the same number of events.
typedef struct { Message metadata; Message *batches; size_t count; uint32_t events; } Body;

typedef struct Connection {
    int socket, index;
    int64_t stream_window, connection_window, initial_window, max_frame;
    uint32_t stream;                              // of the call under way
    uint64_t allowed, sent, acknowledged;         // batches: may be sent so far, begun, answered
    uint64_t call_end;                            // the call takes no batch from this one on
    int metadata_sent, half_closed, ended;        // of the call under way
    const uint8_t *message; size_t message_left;  // the message of which frames are being made
    struct iovec queue[2 * QUEUED_FRAMES + 1];    // what is being written, and the frames' heads in it
    int queue_at, queue_count;
    uint8_t heads[QUEUED_FRAMES][FRAME_HEADER];
    uint8_t control[CONTROL_BYTES]; size_t control_length, control_queued; // written between data frames
    uint8_t *input; size_t input_length;
    uint8_t head[GRPC_HEADER]; size_t head_length; // of the response being received
    uint8_t *response; size_t response_length, response_size, response_capacity;
    int64_t connection_consumed, stream_consumed; // response bytes since the last WINDOW_UPDATE
} Connection;

// What was sent and answered, of all connections.
typedef struct { uint64_t events, duplicates; int64_t worst_lateness, last_answer; } Tally;

extern Body body;
extern Tally tally;
extern uint64_t first_number;   // of the run's first event
extern int connection_count;

_Noreturn void die(const char *what);
int64_t now_ns(void);

// body.c
void load_body(const char *path);
// How many batches of the body a connection has to itself: none of them is changed while another is being written.
uint64_t own_batches(int connection);
// The n-th batch of a connection, with the numbers that its events have in this run written into their ids.
const Message *numbered_batch(int connection, uint64_t n);
// Whether a response acknowledges each event of the n-th batch once and nothing else; counts duplicates.
void check_response(int connection, uint64_t n, const uint8_t *bytes, size_t length);

// connection.c
void open_connection(Connection *c, int port);
void begin_call(Connection *c);
// Writes until the socket is full or there is nothing to send. Returns whether it wants to be called when writable.
int flush_connection(Connection *c);
void receive(Connection *c);

// main.c: called when a batch begins to be sent, and when its response is complete.
void batch_begins(Connection *c, int64_t now);
void batch_answered(Connection *c, int64_t now);
// Whether the call under way may be half-closed now.
int call_is_complete(const Connection *c, int64_t now);

// delivered.c
int check_delivered(uint64_t events, int count, char **paths);
int swallow_delivered(uint64_t events, const char *directory);
#endif
