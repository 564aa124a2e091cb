internal import CSupport

/// How a process deals with memory that it has freed.
enum MemoryReuse {
    /// Freed bytes that the process keeps for its next batches.
    private static let keptBytes = 64 << 20
    /// Larger blocks are given back at once: batches of ordinary size are smaller.
    private static let largestBytes = 16 << 20

    /// Batches of half a megabyte come and go thousands of times a second. By default glibc gives each block of that size
    /// back to the kernel and takes a zeroed one again: a third of the forwarder's processor time was that.
    static func enable() {
        gateway_keep_freed_memory(keptBytes, largestBytes)
    }
}
