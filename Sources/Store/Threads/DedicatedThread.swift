internal import CSupport
internal import Glibc
internal import Synchronization

/// A thread of its own for blocking C calls, which must never sit on the cooperative pool.
package final class DedicatedThread: Sendable {
    private let thread: Mutex<pthread_t?>

    /// Starts a thread that runs `body` and ends with it. The name is cut to the kernel's 15 bytes.
    package init(name: String, _ body: @escaping @Sendable () -> Void) throws(StoreError) {
        let start = Unmanaged.passRetained(Body(name: String(name.prefix(15)), run: body))
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let body = Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
                gateway_name_thread(body.name)
                body.run()
                return nil
            }, start.toOpaque())
        guard code == 0 else {
            start.release()
            throw StoreError(.io, "can not start the thread “\(name)”: \(String(cString: strerror(code)))")
        }
        self.thread = Mutex(thread)
    }

    // A thread that nobody joined frees itself at its end.
    deinit {
        thread.withLock { thread in
            if let thread { pthread_detach(thread) }
        }
    }

    /// Waits until the body has ended. Later calls return at once.
    package func join() {
        let thread = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        if let thread { pthread_join(thread, nil) }
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
