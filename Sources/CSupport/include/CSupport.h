#ifndef CSUPPORT_H
#define CSUPPORT_H
#include <stddef.h>
#include <stdint.h>

/// CRC-32C (Castagnoli, RFC 3720 appendix B.4) of `length` bytes, continuing from `crc` (0 to start).
uint32_t gateway_crc32c(uint32_t crc, const void *_Nullable bytes, size_t length);

/// Names the calling thread for debuggers and `top -H`; the kernel keeps 15 bytes.
void gateway_name_thread(const char *_Nonnull name);

/// Lets the allocator keep up to `kept` bytes that were freed, and take blocks below `largest` bytes (at most 32 MiB) from
/// there: memory that is used again and again is not fetched from the kernel, page by page, each time.
void gateway_keep_freed_memory(size_t kept, size_t largest);

/// Whether something keeps the clock right (NTP, PTP, the hypervisor): 1 yes, 0 no, -1 when the kernel does not say.
int gateway_clock_is_synchronized(void);

/// The type of the file system that a path lies on, as in statfs(2); 0, or the error number.
int gateway_file_system_type(const char *_Nonnull path, uint64_t *_Nonnull type);

/// Where `needle` first lies in `bytes`; `length` when it does not. A needle of no bytes lies nowhere.
size_t gateway_find(
    const void *_Nullable bytes, size_t length, const void *_Nullable needle, size_t needle_length);

/// Asks the processor for the cache line at an address, to be written soon. The address need not be valid.
static inline void gateway_prefetch(const void *_Nullable address) { __builtin_prefetch(address, 1); }

#endif
