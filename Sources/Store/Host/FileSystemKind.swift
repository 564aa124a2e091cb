internal import CSupport
internal import Glibc

/// What kind of file system a path lies on.
package struct FileSystemKind: Sendable, Hashable {
    /// What a spool may expect of it.
    package enum Nature: Sendable, Hashable, CaseIterable {
        /// A device of this machine: what is synced stays.
        case local
        /// Another machine, or a program, stands between: locks, shared memory and syncing are what it makes of them.
        case remote
        /// Memory: gone with a restart of the machine.
        case memory
        /// A layer of a container: gone with the container.
        case layered
        /// A kind that is not in the table.
        case unknown
    }

    /// The kernel's number for it.
    package let number: UInt64

    /// A kind by its number.
    package init(number: UInt64) {
        self.number = number
    }

    /// Asks for the kind at a path.
    /// - Throws: `io` when there is nothing at the path.
    package static func of(_ path: String) throws(StoreError) -> FileSystemKind {
        var number: UInt64 = 0
        let code = gateway_file_system_type(path, &number)
        guard code == 0 else {
            throw StoreError(.io, "\(path): can not look at the file system: \(String(cString: strerror(code)))")
        }
        return FileSystemKind(number: number)
    }

    /// Its name.
    package var name: String { Self.known[number]?.name ?? "of type 0x" + String(number, radix: 16) }

    /// What a spool may expect of it.
    package var nature: Nature { Self.known[number]?.nature ?? .unknown }

    /// From the kernel's `linux/magic.h`, and the numbers that others document.
    private static let known: [UInt64: (name: String, nature: Nature)] = [
        0xEF53: ("ext4", .local), 0x5846_5342: ("xfs", .local), 0x9123_683E: ("btrfs", .local),
        0x2FC1_2FC1: ("zfs", .local), 0xF2F5_2010: ("f2fs", .local), 0xCA45_1A4E: ("bcachefs", .local),
        0x3153_464A: ("jfs", .local), 0x5265_4973: ("reiserfs", .local), 0x5346_544E: ("ntfs", .local),
        0x4D44: ("vfat", .local), 0x2011_BAB0: ("exfat", .local),
        0x6969: ("nfs", .remote), 0x517B: ("smb", .remote), 0xFE53_4D42: ("smb2", .remote),
        0xFF53_4D42: ("cifs", .remote), 0x6573_5546: ("fuse", .remote), 0x0102_1997: ("9p", .remote),
        0x00C3_6400: ("ceph", .remote), 0x5346_414F: ("afs", .remote), 0x6B41_4653: ("afs", .remote),
        0x0BD0_0BD0: ("lustre", .remote), 0x4750_4653: ("gpfs", .remote), 0x7375_7245: ("coda", .remote),
        0x564C: ("ncp", .remote), 0x786F_4256: ("vboxsf", .remote), 0xBACB_ACBC: ("vmhgfs", .remote),
        0x0116_1970: ("gfs2", .remote), 0x7461_636F: ("ocfs2", .remote),
        0x0102_1994: ("tmpfs", .memory), 0x8584_58F6: ("ramfs", .memory), 0x9584_58F6: ("hugetlbfs", .memory),
        0x794C_7630: ("overlayfs", .layered), 0x6175_6673: ("aufs", .layered),
    ]
}
