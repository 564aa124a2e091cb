internal import Glibc

/// A real file system of a few megabytes, for tests of a full disk: a tmpfs, mounted for one test.
package final class SmallFileSystem: Sendable {
    /// Where it is mounted.
    package let path: String

    /// Whether this process may mount one.
    package static let isAllowed: Bool = (try? SmallFileSystem(bytes: 1 << 20)) != nil

    /// Said when a test is skipped for want of one.
    package static let whyNot = "mounting a tmpfs is not allowed here (it takes root with CAP_SYS_ADMIN)"

    /// Why it could not be mounted.
    package struct Failed: Error {
        /// The call, and what the system said.
        package let text: String
    }

    /// Mounts one in a new directory below the directory for temporary files.
    package init(bytes: Int) throws {
        var template = Array("/tmp/gateway-small-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failed(text: "mkdtemp: \(String(cString: strerror(errno)))") }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        guard mount("tmpfs", path, "tmpfs", 0, "size=\(bytes),mode=0700") == 0 else {
            let reason = errno
            rmdir(path)
            throw Failed(text: "mount: \(String(cString: strerror(reason)))")
        }
    }

    deinit {
        // Detached at once, whoever still has a file open in it.
        umount2(path, Int32(MNT_DETACH))
        rmdir(path)
    }

    /// Nobody may write from now on, root included.
    package func makeReadOnly() throws {
        guard mount("tmpfs", path, "tmpfs", UInt(MS_REMOUNT | MS_RDONLY), nil) == 0 else {
            throw Failed(text: "remount: \(String(cString: strerror(errno)))")
        }
    }

    /// Takes all but `bytes` of what is left.
    package func fill(leaving bytes: Int, name: String = "filling") throws {
        // Whoever writes meanwhile takes some of what was free: then there is less, and it is tried again.
        for _ in 0..<100 {
            if try fillOnce(leaving: bytes, name: name) { return }
        }
        throw Failed(text: "posix_fallocate: \(String(cString: strerror(ENOSPC)))")
    }

    /// - Returns: false when there was less than had been measured.
    private func fillOnce(leaving bytes: Int, name: String) throws -> Bool {
        var system = statvfs()
        guard statvfs(path, &system) == 0 else { throw Failed(text: "statvfs: \(String(cString: strerror(errno)))") }
        let free = Int(system.f_bavail) * Int(system.f_frsize)
        let descriptor = open(path + "/" + name, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failed(text: "open: \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        var information = stat()
        fstat(descriptor, &information)
        let code = posix_fallocate(descriptor, information.st_size, max(1, free - bytes))
        if code == ENOSPC { return false }
        guard code == 0 else { throw Failed(text: "posix_fallocate: \(String(cString: strerror(code)))") }
        return true
    }

    /// Gives back what `fill` took.
    package func empty(name: String = "filling") { unlink(path + "/" + name) }
}
