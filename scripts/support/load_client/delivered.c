// Whether the events numbered 0 up to a count are in the delivered files, each exactly once.
#define _GNU_SOURCE
#include "load_client.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const char key[] = "\"id\":\"";
enum { KEY_LENGTH = sizeof key - 1, NUMBER_AT = 24, NUMBER_DIGITS = 12 };

static uint64_t check_file(const char *path, uint64_t events, uint8_t *seen) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;
    if (file < 0 || fstat(file, &status)) die(path);
    if (!status.st_size) return close(file), 0;
    const char *bytes = mmap(NULL, status.st_size, PROT_READ, MAP_PRIVATE, file, 0), *end = bytes + status.st_size;
    if (bytes == MAP_FAILED) die(path);
    close(file);
    madvise((void *)bytes, status.st_size, MADV_SEQUENTIAL);
    uint64_t lines = 0;
    for (const char *line = bytes; line < end; lines++) {
        const char *next = memchr(line, '\n', end - line);
        const char *id = next ? memmem(line, next - line, key, KEY_LENGTH) : NULL;
        errno = 0;
        if (!id || next - id < KEY_LENGTH + NUMBER_AT + NUMBER_DIGITS) die("a delivered line without an id");
        char digits[NUMBER_DIGITS + 1] = {0}, *last;
        memcpy(digits, id + KEY_LENGTH + NUMBER_AT, NUMBER_DIGITS);
        uint64_t number = strtoull(digits, &last, 16);
        if (*last || number >= events) die("an event was delivered that was not sent");
        if (seen[number >> 3] & 1 << (number & 7)) die("an event was delivered twice");
        seen[number >> 3] |= 1 << (number & 7);
        line = next + 1;
    }
    munmap((void *)bytes, status.st_size);
    return lines;
}

int check_delivered(uint64_t events, int count, char **paths) {
    uint8_t *seen = calloc(events / 8 + 1, 1);
    if (!seen) die("calloc");
    uint64_t lines = 0;
    for (int i = 0; i < count; i++) lines += check_file(paths[i], events, seen);
    free(seen);
    // No number twice and none too high: as many lines as events means that each is there.
    if (lines != events) {
        fprintf(stderr, "%llu events were accepted and %llu delivered\n", (unsigned long long)events,
                (unsigned long long)lines);
        return 1;
    }
    return 0;
}

// Checks and removes the finished files of a directory; 0 when there is none.
static int take_finished(const char *directory, uint64_t events, uint8_t *seen, uint64_t *lines, uint64_t *bytes) {
    DIR *entries = opendir(directory);
    if (!entries) return 0;
    int taken = 0;
    for (struct dirent *entry; (entry = readdir(entries));) {
        size_t length = strlen(entry->d_name);
        if (length < 7 || strcmp(entry->d_name + length - 7, ".ndjson")) continue;
        char path[4096];
        struct stat status;
        snprintf(path, sizeof path, "%s/%s", directory, entry->d_name);
        if (stat(path, &status)) die(path);
        *bytes += status.st_size;
        *lines += check_file(path, events, seen);
        if (unlink(path)) die(path);
        taken = 1;
    }
    closedir(entries);
    return taken;
}

int swallow_delivered(uint64_t events, const char *directory) {
    uint8_t *seen = calloc(events / 8 + 1, 1);
    if (!seen) die("calloc");
    uint64_t lines = 0, bytes = 0;
    struct pollfd input = {.fd = 0, .events = POLLIN};
    while (!poll(&input, 1, 50)) take_finished(directory, events, seen, &lines, &bytes);
    while (take_finished(directory, events, seen, &lines, &bytes)) {}
    uint64_t end = events;
    while (end && !(seen[(end - 1) >> 3] & 1 << ((end - 1) & 7))) end--;
    free(seen);
    printf("{\"events\":%llu,\"end\":%llu,\"bytes\":%llu}\n", (unsigned long long)lines, (unsigned long long)end,
           (unsigned long long)bytes);
    return 0;
}
