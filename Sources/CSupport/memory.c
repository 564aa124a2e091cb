// In C because the constants of `mallopt` belong to glibc's own header.
#include "CSupport.h"

#include <malloc.h>

void gateway_keep_freed_memory(size_t kept, size_t largest) {
    mallopt(M_TRIM_THRESHOLD, (int)kept);
    mallopt(M_MMAP_THRESHOLD, (int)largest);
}
