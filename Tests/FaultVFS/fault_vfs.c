// A SQLite VFS that knows what a power loss would take, and lets the disk fail. Loaded into the real binaries with
// LD_PRELOAD; it wraps the unix VFS and makes itself the default.
//
//   FAULT_VFS_ROOT      the spool directory; nothing outside of it is touched
//   FAULT_VFS_JOURNAL   an empty directory of this process: what is not durable is noted there (none: not noted)
//   FAULT_VFS_CONTROL   a file of 32 bytes, mapped by both sides: which calls fail now (see struct control)
//   FAULT_VFS_SEED      decides which of the calls fail, and what a failed sync loses
//
// The model of a power loss. A write goes to the file at once, so that other processes see it as they see the page cache.
// Before it the old contents go into an undo journal. A successful sync empties the journal of its file. When the process
// has been killed, `power_loss` takes back a random choice of the sectors (512 B or 4 KiB) that the journal names, each on
// its own: so a write may be there, not there or torn, and writes may be there out of order. A sector that was written
// several times has any of its versions. The file's length has a fate of its own: new, old or between; what it gained
// without its contents reads as zeros. A file that was made is gone, and one that was removed is back, with even chances,
// unless its directory has been synced since.
//
// A sync that is made to fail may lose the writes before it and count them as clean, as Linux does: the next sync then
// succeeds without them.
//
// Not modelled: stale contents instead of zeros in a file that grew; damage to sectors next to those written, or to what
// was synced; renaming (the spool renames only what it has given up); files that are not SQLite's, but for their names and
// for failing writes and syncs: the lock files and the probe hold nothing, and delivery files are not in the spool. The
// WAL's index (-shm) is memory: SQLite makes it anew when the first process opens the file.
#define _GNU_SOURCE
#include "undo.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

// Shares are of 65536. Little-endian 32-bit numbers, written by the test.
struct control {
    _Atomic uint32_t write_share, write_error;
    _Atomic uint32_t sync_share, sync_error;
    // Which files: 1 segments, 2 the ledger, 4 all others.
    _Atomic uint32_t files;
    // Written by the library: calls that were made to fail.
    _Atomic uint32_t injected;
    // Syncs that claim success and do nothing: 1 of those files, 2 of all directories. For tests that must fail.
    _Atomic uint32_t lies;
    uint32_t reserved;
};

// A file's journal; one for each path, and never freed: what is not durable outlives the file's last handle.
struct entry {
    struct entry *next;
    char *path;
    int journal;
    int64_t start;
    // Opened when it is first needed and never closed: closing it would let go of the process's POSIX locks on the file.
    int target;
    uint32_t kind;
    pthread_mutex_t lock;
};

struct fault_file {
    sqlite3_file base;
    struct entry *entry;
    int last_error;
    sqlite3_file *real;
};

// A name that is not durable yet.
struct name {
    struct name *next;
    char *path;
    // Another name of the same file in the journal's directory, of a file that was removed.
    char *saved;
};

static const char *root, *journal_directory;
static struct control no_control;
static struct control *control = &no_control;
static sqlite3_vfs *unix_vfs;
static sqlite3_vfs fault_vfs;
static struct entry *entries;
static struct name *names;
static unsigned next_number;
static uint64_t random_state;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
// The error number of the last call of this thread that was made to fail; 0 when the last error was a real one.
static _Thread_local int injected_error;
// Set while SQLite's own VFS works for this one.
static _Thread_local int is_inside;

static ssize_t (*real_write)(int, const void *, size_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_unlink)(const char *);

static void stop(const char *what) {
    // A harness that does not work must not look like a product that does.
    dprintf(2, "fault_vfs: %s: %s\n", what, strerror(errno));
    abort();
}

static uint64_t draw(void) {
    pthread_mutex_lock(&lock);
    uint64_t number = undo_random(&random_state);
    pthread_mutex_unlock(&lock);
    return number;
}

static int is_below_root(const char *path) {
    size_t length = root ? strlen(root) : 0;
    return length > 0 && strncmp(path, root, length) == 0 && path[length] == '/';
}

static uint32_t kind_of(const char *path) {
    if (strstr(path, "/segments/")) return 1;
    if (strstr(path, "/ledger.db")) return 2;
    return 4;
}

// The error that a call is to fail with; 0 for none.
static int injected(_Atomic uint32_t *share, _Atomic uint32_t *error, uint32_t kind) {
    uint32_t chance = atomic_load(share);
    if (chance == 0 || !(atomic_load(&control->files) & kind) || (draw() & 0xffff) >= chance) return 0;
    atomic_fetch_add(&control->injected, 1);
    return (int)atomic_load(error);
}

// MARK: - Journals

static void append(int journal, const void *bytes, size_t length) {
    for (size_t done = 0; done < length;) {
        ssize_t part = real_write(journal, (const char *)bytes + done, length - done);
        if (part < 0 && errno == EINTR) continue;
        if (part <= 0) stop("the journal can not be written");
        done += (size_t)part;
    }
}

static struct entry *entry_for(const char *path) {
    pthread_mutex_lock(&lock);
    struct entry *entry = entries;
    while (entry && strcmp(entry->path, path) != 0) entry = entry->next;
    if (!entry) {
        entry = calloc(1, sizeof *entry);
        if (!entry || !(entry->path = strdup(path))) stop("memory");
        entry->journal = entry->target = -1;
        entry->kind = kind_of(path);
        pthread_mutex_init(&entry->lock, NULL);
        if (journal_directory) {
            char name[PATH_MAX];
            snprintf(name, sizeof name, "%s/%06u.undo", journal_directory, next_number++);
            entry->journal = open(name, O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
            if (entry->journal < 0) stop(name);
            struct undo_header header = {.magic = UNDO_MAGIC, .path_bytes = (uint32_t)strlen(path)};
            append(entry->journal, &header, sizeof header);
            append(entry->journal, path, header.path_bytes);
            entry->start = (int64_t)sizeof header + header.path_bytes;
        }
        entry->next = entries;
        entries = entry;
    }
    pthread_mutex_unlock(&lock);
    return entry;
}

static void note(struct fault_file *file, uint32_t kind, int64_t offset, int64_t length) {
    if (file->entry->journal < 0 || length <= 0) return;
    sqlite3_int64 size = 0;
    if (file->real->pMethods->xFileSize(file->real, &size) != SQLITE_OK) stop("the size of a file");
    struct undo_record record = {.kind = kind, .offset = offset, .length = length, .old_size = size};
    record.old_bytes = offset >= size ? 0 : (size - offset < length ? size - offset : length);
    char *bytes = malloc(sizeof record + (size_t)record.old_bytes);
    if (!bytes) stop("memory");
    memcpy(bytes, &record, sizeof record);
    if (record.old_bytes > 0
        && file->real->pMethods->xRead(file->real, bytes + sizeof record, (int)record.old_bytes, offset) != SQLITE_OK)
        stop("the old contents of a file");
    // One write: a process that is killed leaves whole records, or a last one that is cut off and not counted.
    append(file->entry->journal, bytes, sizeof record + (size_t)record.old_bytes);
    free(bytes);
}

static void forget(struct entry *entry) {
    if (entry->journal >= 0 && ftruncate(entry->journal, entry->start) != 0) stop("the journal can not be emptied");
}

// MARK: - Names

static void save_names(void) {
    char path[PATH_MAX], temporary[PATH_MAX];
    snprintf(path, sizeof path, "%s/names.names", journal_directory);
    snprintf(temporary, sizeof temporary, "%s/.names", journal_directory);
    int file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0) stop(temporary);
    for (struct name *name = names; name; name = name->next) {
        char line[2 * PATH_MAX];
        int length = name->saved ? snprintf(line, sizeof line, "U %s %s\n", name->saved, name->path)
                                 : snprintf(line, sizeof line, "C %s\n", name->path);
        append(file, line, (size_t)length);
    }
    close(file);
    if (rename(temporary, path) != 0) stop(path);
}

static void add_name(const char *path, const char *saved) {
    struct name *name = calloc(1, sizeof *name);
    if (!name || !(name->path = strdup(path)) || (saved && !(name->saved = strdup(saved)))) stop("memory");
    name->next = names;
    names = name;
    save_names();
}

static void drop_name(struct name **place) {
    struct name *name = *place;
    *place = name->next;
    if (name->saved) real_unlink(name->saved);
    free(name->saved);
    free(name->path);
    free(name);
}

static void made(const char *path) {
    if (!journal_directory) return;
    pthread_mutex_lock(&lock);
    add_name(path, NULL);
    pthread_mutex_unlock(&lock);
}

static void directory_synced(const char *directory) {
    size_t length = strlen(directory);
    int changed = 0;
    pthread_mutex_lock(&lock);
    for (struct name **place = &names; *place;) {
        const char *path = (*place)->path;
        if (strncmp(path, directory, length) == 0 && path[length] == '/' && !strchr(path + length + 1, '/')) {
            drop_name(place);
            changed = 1;
        } else {
            place = &(*place)->next;
        }
    }
    if (changed) save_names();
    pthread_mutex_unlock(&lock);
}

// MARK: - Files

static struct fault_file *of(sqlite3_file *file) { return (struct fault_file *)file; }

static int fails(struct fault_file *file, int code, int error) {
    injected_error = error;
    file->last_error = error;
    return code;
}

static int fault_close(sqlite3_file *file) { return of(file)->real->pMethods->xClose(of(file)->real); }

static int fault_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) {
    return of(file)->real->pMethods->xRead(of(file)->real, bytes, count, offset);
}

static int fault_write(sqlite3_file *base, const void *bytes, int count, sqlite3_int64 offset) {
    struct fault_file *file = of(base);
    int error = injected(&control->write_share, &control->write_error, file->entry->kind);
    // A disk that fills up takes the beginning; one that fails may have written anything.
    int taken = error ? (int)(draw() % (uint64_t)(count + 1)) : count;
    pthread_mutex_lock(&file->entry->lock);
    note(file, UNDO_WRITE, offset, taken);
    int code = taken > 0 ? file->real->pMethods->xWrite(file->real, bytes, taken, offset) : SQLITE_OK;
    pthread_mutex_unlock(&file->entry->lock);
    // As the unix VFS reports them: a full disk is no system error to it.
    if (error == ENOSPC) return fails(file, SQLITE_FULL, 0);
    return error ? fails(file, SQLITE_IOERR_WRITE, error) : code;
}

static int fault_truncate(sqlite3_file *base, sqlite3_int64 size) {
    struct fault_file *file = of(base);
    pthread_mutex_lock(&file->entry->lock);
    sqlite3_int64 old = 0;
    if (file->real->pMethods->xFileSize(file->real, &old) == SQLITE_OK) note(file, UNDO_TRUNCATE, size, old - size);
    int code = file->real->pMethods->xTruncate(file->real, size);
    pthread_mutex_unlock(&file->entry->lock);
    return code;
}

static int fault_sync(sqlite3_file *base, int flags) {
    struct fault_file *file = of(base);
    if (atomic_load(&control->lies) & 1 && atomic_load(&control->files) & file->entry->kind) return SQLITE_OK;
    int error = injected(&control->sync_share, &control->sync_error, file->entry->kind);
    pthread_mutex_lock(&file->entry->lock);
    int code = SQLITE_OK;
    if (!error) {
        is_inside++;
        code = file->real->pMethods->xSync(file->real, flags);
        is_inside--;
    } else if (file->entry->journal >= 0 && (draw() & 1)) {
        // The kernel has dropped what it could not write.
        struct undo_counts counts = {0};
        uint64_t seed = draw();
        struct entry *entry = file->entry;
        if (entry->target < 0) entry->target = open(entry->path, O_RDWR | O_CLOEXEC);
        if (entry->target < 0 || undo_apply(entry->journal, entry->target, &seed, &counts) != 0) stop(entry->path);
    }
    if (code == SQLITE_OK) forget(file->entry);
    pthread_mutex_unlock(&file->entry->lock);
    return error ? fails(file, SQLITE_IOERR_FSYNC, error) : code;
}

static int fault_size(sqlite3_file *file, sqlite3_int64 *size) {
    return of(file)->real->pMethods->xFileSize(of(file)->real, size);
}
static int fault_lock(sqlite3_file *file, int level) { return of(file)->real->pMethods->xLock(of(file)->real, level); }
static int fault_unlock(sqlite3_file *file, int level) {
    return of(file)->real->pMethods->xUnlock(of(file)->real, level);
}
static int fault_reserved(sqlite3_file *file, int *result) {
    return of(file)->real->pMethods->xCheckReservedLock(of(file)->real, result);
}
static int fault_control(sqlite3_file *base, int operation, void *argument) {
    struct fault_file *file = of(base);
    if (operation == SQLITE_FCNTL_LAST_ERRNO && file->last_error) {
        *(int *)argument = file->last_error;
        file->last_error = 0;
        return SQLITE_OK;
    }
    return file->real->pMethods->xFileControl(file->real, operation, argument);
}
static int fault_sector(sqlite3_file *file) { return of(file)->real->pMethods->xSectorSize(of(file)->real); }
static int fault_characteristics(sqlite3_file *file) {
    return of(file)->real->pMethods->xDeviceCharacteristics(of(file)->real);
}
static int fault_shm_map(sqlite3_file *file, int page, int bytes, int extend, void volatile **result) {
    return of(file)->real->pMethods->xShmMap(of(file)->real, page, bytes, extend, result);
}
static int fault_shm_lock(sqlite3_file *file, int offset, int count, int flags) {
    return of(file)->real->pMethods->xShmLock(of(file)->real, offset, count, flags);
}
static void fault_shm_barrier(sqlite3_file *file) { of(file)->real->pMethods->xShmBarrier(of(file)->real); }
static int fault_shm_unmap(sqlite3_file *file, int remove) {
    return of(file)->real->pMethods->xShmUnmap(of(file)->real, remove);
}

// Version 2: no memory-mapped reading, which the product does not use either.
static const sqlite3_io_methods methods = {
    2, fault_close, fault_read, fault_write, fault_truncate, fault_sync, fault_size, fault_lock, fault_unlock,
    fault_reserved, fault_control, fault_sector, fault_characteristics, fault_shm_map, fault_shm_lock,
    fault_shm_barrier, fault_shm_unmap, NULL, NULL,
};

static int fault_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *base, int flags, int *out_flags) {
    (void)vfs;
    const int kinds = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL;
    if (!path || !(flags & kinds) || !is_below_root(path)) return unix_vfs->xOpen(unix_vfs, path, base, flags, out_flags);
    struct fault_file *file = of(base);
    memset(file, 0, sizeof *file);
    file->real = (sqlite3_file *)(file + 1);
    int is_new = (flags & SQLITE_OPEN_CREATE) && access(path, F_OK) != 0;
    int code = unix_vfs->xOpen(unix_vfs, path, file->real, flags, out_flags);
    if (code != SQLITE_OK) return code;
    if (is_new) made(path);
    file->entry = entry_for(path);
    file->base.pMethods = &methods;
    return SQLITE_OK;
}

static int fault_last_error(sqlite3_vfs *vfs, int size, char *text) {
    (void)vfs;
    if (injected_error) {
        int error = injected_error;
        injected_error = 0;
        return error;
    }
    return unix_vfs->xGetLastError(unix_vfs, size, text);
}

// MARK: - What is not SQLite's

static int path_of(int descriptor, char *path, size_t size) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, size - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return 1;
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
    char path[PATH_MAX];
    if (!is_inside && real_write && atomic_load(&control->write_share) && path_of(descriptor, path, sizeof path)
        && is_below_root(path)) {
        int error = injected(&control->write_share, &control->write_error, kind_of(path));
        if (error) return errno = error, -1;
    }
    if (!real_write) real_write = (ssize_t(*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
    return real_write(descriptor, bytes, count);
}

static int synchronize(int descriptor, int (*real)(int)) {
    char path[PATH_MAX];
    struct stat status;
    if (!root || fstat(descriptor, &status) != 0 || !(S_ISREG(status.st_mode) || S_ISDIR(status.st_mode))
        || !path_of(descriptor, path, sizeof path - 1))
        return real(descriptor);
    int is_root = strcmp(path, root) == 0;
    if (!is_root && !is_below_root(path)) return real(descriptor);
    if (S_ISDIR(status.st_mode)) {
        if (atomic_load(&control->lies) & 2) return 0;
        strcat(path, "/");
        int error = injected(&control->sync_share, &control->sync_error, kind_of(path));
        path[strlen(path) - 1] = 0;
        if (error) return errno = error, -1;
        int result = real(descriptor);
        if (result == 0) directory_synced(path);
        return result;
    }
    if (is_inside) return real(descriptor);
    int error = injected(&control->sync_share, &control->sync_error, kind_of(path));
    return error ? (errno = error, -1) : real(descriptor);
}

int fsync(int descriptor) { return synchronize(descriptor, real_fsync); }
int fdatasync(int descriptor) { return synchronize(descriptor, real_fdatasync); }

int unlink(const char *path) {
    size_t length = strlen(path);
    int is_index = length > 4 && strcmp(path + length - 4, "-shm") == 0;
    if (!journal_directory || !is_below_root(path) || is_index) return real_unlink(path);
    pthread_mutex_lock(&lock);
    struct name **place = &names;
    while (*place && ((*place)->saved || strcmp((*place)->path, path) != 0)) place = &(*place)->next;
    int result, error;
    if (*place) {
        // Made and removed: as if it had never been.
        result = real_unlink(path);
        error = errno;
        if (result == 0) {
            drop_name(place);
            save_names();
        }
    } else {
        char saved[PATH_MAX];
        snprintf(saved, sizeof saved, "%s/%06u.saved", journal_directory, next_number++);
        int is_saved = link(path, saved) == 0;
        result = real_unlink(path);
        error = errno;
        if (result == 0 && is_saved) add_name(path, saved);
        else if (is_saved) real_unlink(saved);
    }
    pthread_mutex_unlock(&lock);
    errno = error;
    return result;
}

__attribute__((constructor)) static void start(void) {
    real_write = (ssize_t(*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
    real_fsync = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    real_unlink = (int (*)(const char *))dlsym(RTLD_NEXT, "unlink");
    root = getenv("FAULT_VFS_ROOT");
    if (!root || !*root) return;
    journal_directory = getenv("FAULT_VFS_JOURNAL");
    const char *seed = getenv("FAULT_VFS_SEED"), *path = getenv("FAULT_VFS_CONTROL");
    random_state = seed ? strtoull(seed, NULL, 10) : 1;
    if (path) {
        int file = open(path, O_RDWR | O_CLOEXEC);
        if (file < 0) stop(path);
        void *page = mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        if (page == MAP_FAILED) stop(path);
        close(file);
        control = page;
    }
    unix_vfs = sqlite3_vfs_find("unix");
    if (!unix_vfs) stop("no unix VFS");
    fault_vfs = *unix_vfs;
    fault_vfs.szOsFile = unix_vfs->szOsFile + (int)sizeof(struct fault_file);
    fault_vfs.pNext = NULL;
    fault_vfs.zName = "fault";
    fault_vfs.xOpen = fault_open;
    fault_vfs.xGetLastError = fault_last_error;
    if (sqlite3_vfs_register(&fault_vfs, 1) != SQLITE_OK) stop("the VFS is not taken");
}
