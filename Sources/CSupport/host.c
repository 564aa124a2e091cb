// In C because these structures and constants belong to the kernel's and glibc's own headers.
#include "CSupport.h"

#include <errno.h>
#include <sys/timex.h>
#include <sys/vfs.h>

int gateway_clock_is_synchronized(void) {
    struct timex clock = {.modes = 0};
    if (adjtimex(&clock) < 0) return -1;
    return (clock.status & STA_UNSYNC) ? 0 : 1;
}

int gateway_file_system_type(const char *path, uint64_t *type) {
    struct statfs system;
    if (statfs(path, &system) != 0) return errno;
    // Kernels give 32 bits, which a signed word may have stretched.
    *type = (uint64_t)system.f_type & 0xffffffffu;
    return 0;
}
