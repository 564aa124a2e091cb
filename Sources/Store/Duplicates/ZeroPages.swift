internal import Glibc

/// An array of zero bits from the kernel: a page takes memory only once it is written. It belongs to one thread.
struct ZeroPages<Element: BitwiseCopyable>: ~Copyable {
    let elements: UnsafeMutablePointer<Element>
    private let bytes: Int

    /// - Throws: `io` when the address space is exhausted or limited.
    init(of type: Element.Type, count: Int) throws(StoreError) {
        bytes = count * MemoryLayout<Element>.stride
        let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
        guard let start = mmap(nil, bytes, PROT_READ | PROT_WRITE, flags, -1, 0), start != MAP_FAILED else {
            throw StoreError(
                .io, "can not map \(bytes) bytes for the duplicate window: \(String(cString: strerror(errno)))")
        }
        elements = start.bindMemory(to: type, capacity: count)
    }

    deinit { munmap(elements, bytes) }
}
