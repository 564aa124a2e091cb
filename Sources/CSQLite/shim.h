// SQLite's C interface plus the few calls that Swift cannot import: variadic functions and casting macros.
#ifndef CSQLITE_SHIM_H
#define CSQLITE_SHIM_H
#include <sqlite3.h>
#include <stdint.h>

static inline int csqlite_db_config_int(sqlite3 *db, int option, int value, int *result) {
    return sqlite3_db_config(db, option, value, result);
}

static inline int csqlite_bind_text_copy(sqlite3_stmt *statement, int index, const char *text, int length) {
    return sqlite3_bind_text(statement, index, text, length, SQLITE_TRANSIENT);
}

static inline int csqlite_bind_blob_copy(sqlite3_stmt *statement, int index, const void *bytes, uint64_t length) {
    return sqlite3_bind_blob64(statement, index, bytes, length, SQLITE_TRANSIENT);
}

/// How many frames of its write-ahead log a connection can read: `mxFrame` of the WAL index (“WAL-mode File Format”,
/// section 2.1), read from the shared memory that the connection has mapped. Never open the -shm file for it: closing
/// any descriptor of a file drops all of this process's locks on it (“How To Corrupt An SQLite Database File”, 2.2).
static inline int csqlite_log_frames(sqlite3 *db, uint32_t *frames) {
    enum { region_bytes = 32768, frames_index = 4 };
    sqlite3_file *file = 0;
    void volatile *index = 0;
    *frames = 0;
    int code = sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    if (code != SQLITE_OK) return code;
    if (file == 0 || file->pMethods == 0 || file->pMethods->iVersion < 2) return SQLITE_OK;
    code = file->pMethods->xShmMap(file, 0, region_bytes, 0, &index);
    if (code != SQLITE_OK) return code;
    if (index != 0) *frames = ((uint32_t volatile *)index)[frames_index];
    return SQLITE_OK;
}

#endif
