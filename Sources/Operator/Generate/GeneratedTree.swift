internal import Deployment
internal import Glibc
internal import Runtime

/// The directory below which files are generated.
struct GeneratedTree {
    /// Longest file that is read, in bytes.
    private static let maximumBytes = 4 << 20

    let root: String

    /// A file's text; nil when there is none.
    func read(_ path: String) throws -> String? {
        guard access(absolute(path), F_OK) == 0 else { return nil }
        do throws(RuntimeFailure) {
            return String(
                decoding: try FileBytes.read(path: absolute(path), maximumBytes: Self.maximumBytes), as: UTF8.self)
        } catch {
            throw OperatorFailure(.ioError, "\(absolute(path)) can not be read: \(error.message)")
        }
    }

    /// Writes a file and the directories above it. The file is there whole or as before.
    func write(_ file: RenderedFile) throws {
        var directory = root
        for part in file.path.split(separator: "/").dropLast() {
            directory += "/\(part)"
            if mkdir(directory, 0o777) != 0, errno != EEXIST { throw failed("make", directory) }
        }
        let path = absolute(file.path)
        let temporary = path + ".new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw failed("write", temporary) }
        let written = FileDescriptorOutput.write(Array(file.content.utf8), to: descriptor)
        guard close(descriptor) == 0, written, rename(temporary, path) == 0 else { throw failed("write", path) }
    }

    /// Removes a file.
    func remove(_ path: String) throws {
        guard unlink(absolute(path)) == 0 else { throw failed("remove", absolute(path)) }
    }

    /// Files in these directories that are not among the generated ones, sorted.
    func strays(besides files: [RenderedFile], in directories: [String]) throws -> [String] {
        let known = Set(files.map(\.path))
        return try directories.flatMap { try list($0) }.filter { !known.contains($0) }.sorted()
    }

    private func list(_ directory: String) throws -> [String] {
        guard let stream = opendir(absolute(directory)) else {
            if errno == ENOENT { return [] }
            throw failed("list", absolute(directory))
        }
        defer { closedir(stream) }
        var files: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            if name == "." || name == ".." { continue }
            let path = "\(directory)/\(name)"
            if Int32(entry.pointee.d_type) == Int32(DT_DIR) {
                files += try list(path)
            } else {
                files.append(path)
            }
        }
        return files
    }

    private func absolute(_ path: String) -> String { "\(root)/\(path)" }

    private func failed(_ what: String, _ path: String) -> OperatorFailure {
        OperatorFailure(.ioError, "can not \(what) \(path): \(ErrorNumber.text(errno))")
    }
}
