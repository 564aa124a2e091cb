// The undo journal of a file: what its contents were before each write that is not synced yet. Written by the library in
// the process under test, read by `power_loss` once that process is dead, and by the library itself when it lets a sync
// fail. See fault_vfs.c for the model.
#ifndef UNDO_H
#define UNDO_H

#include <stdint.h>

// Kinds of records.
enum { UNDO_WRITE = 1, UNDO_TRUNCATE = 2 };

struct undo_header {
    char magic[8];
    // Bytes of the path that follows.
    uint32_t path_bytes;
    uint32_t reserved;
};

#define UNDO_MAGIC "GWUNDO1"

struct undo_record {
    uint32_t kind;
    uint32_t reserved;
    // UNDO_WRITE: what was written. UNDO_TRUNCATE: from the new end to the old one.
    int64_t offset;
    int64_t length;
    // Of the file before.
    int64_t old_size;
    // Bytes of old contents that follow; what is missing up to `length` was beyond the end.
    int64_t old_bytes;
};

// What was done to a file.
struct undo_counts {
    uint64_t records, reverted, kept;
};

// SplitMix64: the same seed gives the same damage.
static inline uint64_t undo_random(uint64_t *state) {
    uint64_t mixed = (*state += 0x9e3779b97f4a7c15ULL);
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9ULL;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebULL;
    return mixed ^ (mixed >> 31);
}

// Takes back a random choice of the sectors that the records of a journal have written, in the file `target`.
// Returns 0, or -1 with errno.
int undo_apply(int journal, int target, uint64_t *random, struct undo_counts *counts);

#endif
