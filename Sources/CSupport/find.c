#define _GNU_SOURCE
#include "CSupport.h"
#include <string.h>

size_t gateway_find(const void *bytes, size_t length, const void *needle, size_t needle_length) {
    if (length == 0 || needle_length == 0) return length;
    const char *found = memmem(bytes, length, needle, needle_length);
    return found ? (size_t)(found - (const char *)bytes) : length;
}
