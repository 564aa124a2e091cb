internal import Foundation
internal import Store

/// One child process: its ready line, its signals, its end. It never outlives its workspace.
final class ManagedProcess: Sendable {
    /// How a process ended.
    enum Exit: Equatable, Sendable {
        case code(Int32)
        case signal(Int32)
    }

    let name: String
    let pid: pid_t
    /// Where its standard error goes.
    let errorPath: String

    private let group: Bool
    private let end = Monitor<Exit?>(nil)
    private let output = Monitor<Output>(Output())

    private struct Output: Sendable {
        var bytes: [UInt8] = []
        var isOver = false
    }

    /// Starts a process.
    /// - Parameters:
    ///   - environment: all of it.
    ///   - group: whether it gets a process group of its own, which signals then go to.
    init(
        name: String, executable: String, arguments: [String] = [], environment: [String: String], errorPath: String,
        group: Bool = false
    ) throws {
        self.name = name
        self.errorPath = errorPath
        self.group = group
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw HarnessError("no pipe") }
        defer { close(ends[1]) }
        pid = try Self.spawn(
            executable, arguments, environment, output: ends[1], errorPath: errorPath, group: group)
        try watch(output: ends[0])
    }

    /// The text of its standard error so far.
    var errorText: String {
        String(decoding: FileManager.default.contents(atPath: errorPath) ?? Data(), as: UTF8.self)
    }

    /// The text of its standard output so far.
    var outputText: String { String(decoding: output.withLock { $0.bytes }, as: UTF8.self) }

    /// The text of its standard output, once it has closed it.
    func wholeOutput() async throws -> String {
        let output = output
        let isOver = await blocking { output.wait(timeout: Self.startLimit) { $0.isOver ? true : nil } }
        guard isOver == true else { throw HarnessError("\(name) keeps its standard output open") }
        return outputText
    }

    /// The port in its ready line.
    func port() async throws -> Int {
        let output = output
        let line = await blocking {
            output.wait(timeout: Self.startLimit) { output -> [UInt8]? in
                if let newline = output.bytes.firstIndex(of: UInt8(ascii: "\n")) {
                    return Array(output.bytes[..<newline])
                }
                return output.isOver ? [] : nil
            }
        }
        guard let line, let json = try? JSONSerialization.jsonObject(with: Data(line)) as? [String: Any],
            json["message"] as? String == "listening", let port = json["port"] as? Int
        else { throw HarnessError("\(name) did not start: \(errorText)") }
        return port
    }

    /// Whether it has ended by itself or otherwise.
    var hasEnded: Bool { end.withLock { $0 != nil } }

    /// Sends a signal, unless the process has ended.
    func signal(_ number: Int32) {
        end.withLock { end in
            if end == nil { _ = kill(group ? -pid : pid, number) }
        }
    }

    /// Waits for its end.
    func exit(within limit: Duration = .seconds(30)) async throws -> Exit {
        let end = end
        let nanoseconds = limit.components.seconds * 1_000_000_000
        guard let exit = await blocking({ end.wait(timeout: nanoseconds) { $0 } }) else {
            throw HarnessError("\(name) (pid \(pid)) did not end within \(limit)")
        }
        return exit
    }

    /// Asks it to stop, and waits for its end.
    func stop() async throws -> Exit {
        signal(SIGTERM)
        return try await exit()
    }

    /// Kills it, whatever it is doing, and waits for its end.
    func destroy() async throws {
        signal(SIGKILL)
        _ = try await exit()
    }

    private func watch(output descriptor: Int32) throws {
        let (pid, end, output) = (pid, end, output)
        _ = try DedicatedThread(name: "wait") {
            var information = siginfo_t()
            // WNOWAIT: the id must stay ours until nobody signals it any more.
            while waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
            end.signal { end in
                var status: Int32 = 0
                waitpid(pid, &status, 0)
                end = status & 0x7f == 0 ? .code(status >> 8 & 0xff) : .signal(status & 0x7f)
            }
        }
        _ = try DedicatedThread(name: "output") {
            var chunk = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = read(descriptor, &chunk, chunk.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { break }
                output.signal { $0.bytes += chunk[..<count] }
            }
            close(descriptor)
            output.signal { $0.isOver = true }
        }
    }

    private static func spawn(
        _ executable: String, _ arguments: [String], _ environment: [String: String], output: Int32, errorPath: String,
        group: Bool
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_addopen(&actions, 2, errorPath, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        if group {
            posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
            posix_spawnattr_setpgroup(&attributes, 0)
        }
        keepDescriptors()
        var words = ([executable] + arguments).map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in words + variables { free(text) } }
        var pid = pid_t()
        let code = posix_spawn(&pid, executable, &actions, &attributes, &words, &variables)
        guard code == 0 else { throw HarnessError("\(executable): \(String(cString: strerror(code)))") }
        return pid
    }

    /// Lets no descriptor of this process be inherited: the sockets of its clients are without this, and then stay open
    /// when the client has closed them.
    private static func keepDescriptors() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? [] {
            guard let descriptor = Int32(name), descriptor > 2 else { continue }
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        }
    }

    /// Nanoseconds that a process may take until its ready line: a debug build on a busy machine.
    private static let startLimit: Int64 = 60_000_000_000
}
