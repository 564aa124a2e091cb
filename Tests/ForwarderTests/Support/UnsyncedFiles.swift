import Foundation
import Synchronization
import TestSupport

@testable import Forwarder

/// Files on a disk that keeps what was synced, and of the rest what it likes: the calls of a file destination, and what a
/// power loss leaves of its files.
final class UnsyncedFiles: Sendable {
    private static let sectorBytes = 512

    /// Synced bytes of each file, by inode.
    private let synced = Mutex<[UInt64: Int]>([:])

    /// Calls that write for real and remember what is durable.
    var calls: FileCalls {
        var calls = FileCalls()
        calls.synchronize = { descriptor in
            let (inode, size) = Self.file(descriptor)
            self.synced.withLock { $0[inode] = size }
            return 0
        }
        calls.truncate = { descriptor, length in
            let (inode, _) = Self.file(descriptor)
            self.synced.withLock { $0[inode] = min($0[inode] ?? 0, length) }
            return ftruncate(descriptor, off_t(length))
        }
        return calls
    }

    /// Copies a directory as a power loss at this moment could leave it: behind what is synced a file may end anywhere, and any
    /// sector may not have been written.
    func lose(_ directory: TemporaryDirectory, using generator: inout SeededGenerator) throws -> TemporaryDirectory {
        let left = try TemporaryDirectory()
        for name in try directory.files() {
            let path = "\(directory.path)/\(name)"
            var information = stat()
            guard stat(path, &information) == 0 else { continue }
            let durable = synced.withLock { $0[UInt64(information.st_ino)] ?? 0 }
            var bytes = try directory.bytes(name)
            bytes.removeLast(generator.below(bytes.count - durable + 1))
            for sector in stride(from: durable / Self.sectorBytes, through: bytes.count / Self.sectorBytes, by: 1)
            where generator.below(3) == 0 {
                let start = max(durable, sector * Self.sectorBytes)
                let end = min(bytes.count, (sector + 1) * Self.sectorBytes)
                for index in start..<max(start, end) { bytes[index] = 0 }
            }
            try Data(bytes).write(to: URL(fileURLWithPath: "\(left.path)/\(name)"))
        }
        return left
    }

    private static func file(_ descriptor: Int32) -> (inode: UInt64, size: Int) {
        var information = stat()
        fstat(descriptor, &information)
        return (UInt64(information.st_ino), Int(information.st_size))
    }
}
