internal import Glibc
internal import Synchronization

/// A thread of its own for blocking C calls, which must never sit on the cooperative pool.
final class DedicatedThread: Sendable {
    private let thread: Mutex<pthread_t?>

    /// Starts a thread that runs `body` and ends with it. The name is cut to the kernel's 15 bytes.
    init(name: String, _ body: @escaping @Sendable () -> Void) throws(DestinationConfigurationError) {
        thread = Mutex(try Self.start(Body(name: String(name.prefix(15)), run: body)))
    }

    /// A thread that nobody joined frees itself at its end.
    deinit {
        thread.withLock { thread in
            if let thread { pthread_detach(thread) }
        }
    }

    /// Waits until the body has ended. Later calls return at once.
    func join() {
        let thread = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        if let thread { pthread_join(thread, nil) }
    }

    private static func start(_ body: Body) throws(DestinationConfigurationError) -> pthread_t {
        let argument = Unmanaged.passRetained(body)
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let body = Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
                DedicatedThread.setName(body.name)
                body.run()
                return nil
            }, argument.toOpaque())
        guard code == 0 else {
            argument.release()
            throw DestinationConfigurationError(
                code: .startup,
                message: "the thread \(body.name) cannot be started: \(String(cString: strerror(code)))")
        }
        return thread
    }

    // pthread_setname_np is a GNU extension that the Glibc module hides; this file is the same thing. Failure costs only
    // a name in `top`.
    private static func setName(_ name: String) {
        let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        _ = write(file, name, name.utf8.count)
        close(file)
    }

    private final class Body: Sendable {
        let name: String
        let run: @Sendable () -> Void

        init(name: String, run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }
    }
}
