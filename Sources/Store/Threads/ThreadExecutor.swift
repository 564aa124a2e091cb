/// A serial executor on a dedicated thread: an actor that runs on it may make blocking calls.
package final class ThreadExecutor: SerialExecutor {
    private let jobs: Monitor<Jobs>
    private let thread: DedicatedThread

    private struct Jobs: Sendable {
        var waiting: [(job: UnownedJob, executor: UnownedSerialExecutor)] = []
        var stopping = false
    }

    /// Starts the thread.
    /// - Throws: `io` when the operating system gives none.
    package init(name: String) throws(StoreError) {
        let jobs = Monitor(Jobs())
        self.jobs = jobs
        thread = try DedicatedThread(name: name) {
            while true {
                let next = jobs.wait(timeout: nil) { jobs -> [(job: UnownedJob, executor: UnownedSerialExecutor)]? in
                    if jobs.waiting.isEmpty { return jobs.stopping ? [] : nil }
                    defer { jobs.waiting.removeAll(keepingCapacity: true) }
                    return jobs.waiting
                }
                guard let next, !next.isEmpty else { return }
                for (job, executor) in next { job.runSynchronously(on: executor) }
            }
        }
    }

    // The thread is not joined: the last reference may go on that very thread.
    deinit { jobs.signal { $0.stopping = true } }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = asUnownedSerialExecutor()
        jobs.signal { $0.waiting.append((job, executor)) }
    }

    package func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }
}
