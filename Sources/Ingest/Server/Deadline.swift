/// Work that is given up, though not stopped, after a time.
enum Deadline {
    /// The work took too long.
    struct Passed: Error, CustomStringConvertible {
        let time: Duration
        var description: String { "no answer within \(time)" }
    }

    /// Runs `body` and returns when it does, or throws after `time` whatever it does. Unlike a child task, work that does
    /// not heed its cancellation is left behind: a disk that hangs must not hang the probe that looks for it.
    static func run(_ time: Duration, _ body: @escaping @Sendable () async throws -> Void) async throws {
        let (results, result) = AsyncStream.makeStream(of: Result<Void, any Error>.self)
        // Awaited through `results` for as long as anybody waits.
        let work = Task {
            do {
                result.yield(.success(try await body()))
            } catch {
                result.yield(.failure(error))
            }
        }
        // Cancelled below, or over by then.
        let timer = Task {
            guard (try? await Task.sleep(for: time)) != nil else { return }
            result.yield(.failure(Passed(time: time)))
        }
        defer {
            work.cancel()
            timer.cancel()
        }
        let first = await results.first { _ in true }
        try first?.get()
    }
}
