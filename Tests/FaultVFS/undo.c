#define _GNU_SOURCE
#include "undo.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct damage {
    int target;
    int64_t sector;
    // Of 256: how likely a sector that was written keeps what was written.
    unsigned keep;
    // One byte a sector: settled ones stay as they are.
    uint8_t *settled;
    uint64_t *random;
    struct undo_counts *counts;
};

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
static int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }

// Newest record first: a sector that keeps one write keeps all that were before it.
static int take_back(struct damage *damage, const struct undo_record *record, const uint8_t *old) {
    uint8_t zeros[4096] = {0};
    int64_t end = record->offset + record->length;
    for (int64_t start = record->offset; start < end;) {
        int64_t index = start / damage->sector;
        int64_t stop = least(end, (index + 1) * damage->sector);
        if (!damage->settled[index]) {
            if ((undo_random(damage->random) & 255) < damage->keep) {
                damage->settled[index] = 1;
                damage->counts->kept++;
            } else {
                damage->counts->reverted++;
                int64_t from_old = most(0, least(stop, record->offset + record->old_bytes) - start);
                if (from_old > 0
                    && pwrite(damage->target, old + (start - record->offset), (size_t)from_old, start) != from_old)
                    return -1;
                int64_t rest = stop - start - from_old;
                if (rest > 0 && pwrite(damage->target, zeros, (size_t)rest, start + from_old) != rest) return -1;
            }
        }
        start = stop;
    }
    return 0;
}

static int apply_records(struct damage *damage, const uint8_t *bytes, int64_t size, int64_t end) {
    // The offsets of all whole records; the last one may be half written.
    size_t room = 64, count = 0;
    int64_t *offsets = malloc(room * sizeof *offsets);
    if (!offsets) return -1;
    int64_t oldest = -1;
    for (int64_t offset = 0; offset + (int64_t)sizeof(struct undo_record) <= size;) {
        struct undo_record record;
        memcpy(&record, bytes + offset, sizeof record);
        int64_t next = offset + (int64_t)sizeof record + record.old_bytes;
        if (next > size) break;
        if (count == room) {
            int64_t *more = realloc(offsets, (room *= 2) * sizeof *offsets);
            if (!more) return free(offsets), -1;
            offsets = more;
        }
        if (oldest < 0) oldest = record.old_size;
        offsets[count++] = offset;
        end = most(end, record.offset + record.length);
        offset = next;
    }
    damage->counts->records += count;
    struct stat status;
    if (count == 0 || fstat(damage->target, &status) != 0) return free(offsets), count == 0 ? 0 : -1;
    damage->settled = calloc((size_t)(end / damage->sector + 2), 1);
    int result = damage->settled ? 0 : -1;
    for (size_t number = count; result == 0 && number-- > 0;) {
        struct undo_record record;
        memcpy(&record, bytes + offsets[number], sizeof record);
        result = take_back(damage, &record, bytes + offsets[number] + sizeof record);
    }
    // The length of a file is metadata with a fate of its own: the new one, the old one, or between.
    int64_t new_size = status.st_size;
    int64_t low = least(oldest, new_size), high = most(oldest, new_size);
    switch (undo_random(damage->random) % 3) {
    case 0: new_size = oldest; break;
    case 1:
        new_size = low + (int64_t)(undo_random(damage->random) % (uint64_t)(high - low + 1));
        new_size -= new_size % damage->sector;
        new_size = most(low, new_size);
        break;
    default: break;
    }
    if (result == 0) result = ftruncate(damage->target, new_size);
    free(damage->settled);
    free(offsets);
    return result;
}

int undo_apply(int journal, int target, uint64_t *random, struct undo_counts *counts) {
    static const unsigned keeps[] = {0, 26, 128, 230, 256};
    struct undo_header header;
    struct stat status;
    if (fstat(journal, &status) != 0) return -1;
    if (pread(journal, &header, sizeof header, 0) != sizeof header) return errno = EINVAL, -1;
    int64_t start = (int64_t)sizeof header + header.path_bytes;
    int64_t size = status.st_size - start;
    if (size <= 0) return 0;
    uint8_t *bytes = malloc((size_t)size);
    if (!bytes) return -1;
    for (int64_t done = 0; done < size;) {
        ssize_t part = pread(journal, bytes + done, (size_t)(size - done), start + done);
        if (part <= 0) return free(bytes), -1;
        done += part;
    }
    struct damage damage = {.target = target, .random = random, .counts = counts};
    damage.sector = undo_random(random) & 1 ? 512 : 4096;
    damage.keep = keeps[undo_random(random) % (sizeof keeps / sizeof *keeps)];
    int result = apply_records(&damage, bytes, size, 0);
    free(bytes);
    return result;
}
