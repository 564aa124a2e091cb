// The moment after the power has come back: takes back a random choice of what dead processes had written and not synced.
//
//   power_loss SEED JOURNAL_DIRECTORY…
//
// The directories are those that the processes had in FAULT_VFS_JOURNAL; they are empty afterwards. Prints what was
// done as JSON. See fault_vfs.c for the model.
#define _GNU_SOURCE
#include "undo.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct undo_counts counts;
static uint64_t random_state, files, vanished, returned;

static int fails(const char *what) {
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    return 1;
}

static int undo_file(const char *journal_path) {
    char path[PATH_MAX] = "";
    struct undo_header header;
    int journal = open(journal_path, O_RDONLY);
    if (journal < 0) return fails(journal_path);
    if (pread(journal, &header, sizeof header, 0) != sizeof header || strcmp(header.magic, UNDO_MAGIC) != 0
        || header.path_bytes >= sizeof path
        || pread(journal, path, header.path_bytes, sizeof header) != (ssize_t)header.path_bytes)
        // Killed while it was begun: nothing was written yet.
        return close(journal), 0;
    int target = open(path, O_RDWR);
    int result = 0;
    if (target >= 0) {
        files++;
        if (undo_apply(journal, target, &random_state, &counts) != 0) result = fails(path);
        close(target);
    } else if (errno != ENOENT) {
        result = fails(path);
    }
    close(journal);
    return result;
}

// Lines “C path” (made) and “U saved path” (removed), each not durable yet.
static int undo_names(const char *names_path) {
    char line[2 * PATH_MAX];
    FILE *names = fopen(names_path, "r");
    if (!names) return fails(names_path);
    while (fgets(line, sizeof line, names)) {
        line[strcspn(line, "\n")] = 0;
        int happens = undo_random(&random_state) & 1;
        if (!happens) continue;
        if (line[0] == 'C') {
            if (unlink(line + 2) == 0) vanished++;
        } else if (line[0] == 'U') {
            char *path = strchr(line + 2, ' ');
            if (!path) continue;
            *path++ = 0;
            if (link(line + 2, path) == 0) returned++;
        }
    }
    fclose(names);
    return 0;
}

static int has_suffix(const char *name, const char *suffix) {
    size_t length = strlen(name), end = strlen(suffix);
    return length >= end && strcmp(name + length - end, suffix) == 0;
}

static int compare(const struct dirent **a, const struct dirent **b) { return strcmp((*a)->d_name, (*b)->d_name); }

static int undo_directory(const char *directory) {
    struct dirent **entries;
    int count = scandir(directory, &entries, NULL, compare);
    if (count < 0) return errno == ENOENT ? 0 : fails(directory);
    int result = 0;
    // Contents before names: a file that comes back comes back with what it held.
    for (int pass = 0; pass < 3; pass++) {
        for (int number = 0; number < count; number++) {
            char path[PATH_MAX];
            snprintf(path, sizeof path, "%s/%s", directory, entries[number]->d_name);
            if (entries[number]->d_name[0] == '.') continue;
            if (pass == 0 && has_suffix(path, ".undo")) result |= undo_file(path);
            if (pass == 1 && has_suffix(path, ".names")) result |= undo_names(path);
            if (pass == 2) unlink(path);
        }
    }
    for (int number = 0; number < count; number++) free(entries[number]);
    free(entries);
    return result;
}

int main(int argc, char **argv) {
    if (argc < 3) {
        fprintf(stderr, "usage: power_loss SEED JOURNAL_DIRECTORY...\n");
        return 64;
    }
    random_state = strtoull(argv[1], NULL, 10);
    int result = 0;
    for (int number = 2; number < argc; number++) result |= undo_directory(argv[number]);
    printf(
        "{\"files\":%lu,\"records\":%lu,\"reverted\":%lu,\"kept\":%lu,\"vanished\":%lu,\"returned\":%lu}\n", files,
        counts.records, counts.reverted, counts.kept, vanished, returned);
    return result;
}
