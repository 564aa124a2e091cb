package import Contract
internal import Glibc
internal import Store

/// NDJSON files in a directory, one line for each message: `{"data":{…},"attributes":{…}}`.
///
/// Lines go to `events-….ndjson.part` and are synced before a delivery counts; deliveries that come together share one
/// write and one sync. A file that is large or old enough becomes `events-….ndjson` and is never touched again. Compressed
/// files are called `….ndjson.gz`; what was synced together is one gzip member.
package final class FileDestination: Destination {
    package let name: String
    package let limits: RequestLimits

    private struct Pending: Sendable {
        let request: DeliveryRequest
        let size: Int
        let continuation: CheckedContinuation<Result<DeliveryReceipt, DeliveryError>, Never>
    }

    private struct Queue: Sendable {
        var pending: [Pending] = []
        var isStopping = false
        var hasStopped = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private enum Work {
        case deliveries([Pending])
        case stop
    }

    private let queue: Monitor<Queue>
    private let thread: DedicatedThread
    private let queuedDeliveries: Int

    /// Makes and locks the directory, repairs what a crash left there and starts the writing thread.
    ///
    /// - Throws: `.unusableDirectory`, `.locked` or `.startup`, saying what to do.
    package init(
        directory path: String, settings: FileDestinationSettings = FileDestinationSettings()
    ) throws(DestinationConfigurationError) {
        name = "file://\(Self.absolute(path))"
        limits = settings.requests
        queuedDeliveries = settings.queuedDeliveries
        let directory = try DeliveryDirectory(path: path)
        for event in try directory.repair() { settings.observer(event) }
        let queue = Monitor(Queue())
        self.queue = queue
        thread = try DestinationConfigurationError.starting(name: "file") {
            Self.run(queue, directory, settings)
            directory.unlock()
            let waiting = queue.signal { queue in
                queue.hasStopped = true
                defer { queue.waiting = [] }
                return queue.waiting
            }
            for continuation in waiting { continuation.resume() }
        }
    }

    deinit {
        queue.signal { $0.isStopping = true }
    }

    package func encodedSize(of message: RenderedMessage, in arena: MessageArena) -> Int {
        MessageLines.maximumLength(of: message)
    }

    package func deliver(_ request: DeliveryRequest) async throws(DeliveryError) -> DeliveryReceipt {
        let size = try limits.check(request, for: self)
        let result = await withCheckedContinuation { continuation in
            let refusal = queue.signal { queue in
                let refusal = self.refusal(queue)
                if refusal == nil {
                    queue.pending.append(Pending(request: request, size: size, continuation: continuation))
                }
                return refusal
            }
            if let refusal { continuation.resume(returning: .failure(refusal)) }
        }
        return try result.get()
    }

    /// Writes what is queued, finishes the current file, unlocks the directory and joins the thread.
    package func shutdown() async {
        await withCheckedContinuation { continuation in
            let hasStopped = queue.signal { queue in
                queue.isStopping = true
                if !queue.hasStopped { queue.waiting.append(continuation) }
                return queue.hasStopped
            }
            if hasStopped { continuation.resume() }
        }
        // The thread has said that it is about to end: this blocks for microseconds.
        thread.join()
    }

    /// Deliveries that wait for the writing thread.
    var queuedNow: Int { queue.signal { $0.pending.count } }

    private func refusal(_ queue: borrowing Queue) -> DeliveryError? {
        if queue.isStopping {
            return DeliveryError(
                code: .shutDown, scope: .local, isRetriable: true, message: "\(name): the destination is shut down")
        }
        if queue.pending.count >= queuedDeliveries {
            return DeliveryError(
                code: .overloaded, scope: .local, isRetriable: true,
                message: "\(name): \(queuedDeliveries) deliveries are waiting already")
        }
        return nil
    }

    private static func run(
        _ queue: Monitor<Queue>, _ directory: DeliveryDirectory, _ settings: FileDestinationSettings
    ) {
        var writer = DeliveryFileWriter(directory: directory, settings: settings)
        var lines = MessageLines()
        while true {
            let work = queue.wait(timeout: writer.untilDue) { queue -> Work? in
                if queue.pending.isEmpty { return queue.isStopping ? .stop : nil }
                return .deliveries(Self.takeGroup(&queue, maximumBytes: settings.groupBytes))
            }
            switch work {
            case .deliveries(let group): write(group, &lines, &writer)
            case .stop: return writer.finish()
            case nil: break
            }
            writer.finishIfDue()
        }
    }

    private static func takeGroup(_ queue: inout Queue, maximumBytes: Int) -> [Pending] {
        var bytes = 0
        let end = queue.pending.firstIndex { pending in
            bytes += pending.size
            return bytes > maximumBytes
        }
        // At least one: a single delivery may be larger than a group.
        let count = max(1, end ?? queue.pending.count)
        defer { queue.pending.removeFirst(count) }
        return Array(queue.pending[..<count])
    }

    private static func write(
        _ group: [Pending], _ lines: inout MessageLines, _ writer: inout DeliveryFileWriter
    ) {
        var receipts: [DeliveryReceipt] = []
        do throws(DeliveryError) {
            for pending in group {
                let bytes = try lines.write(pending.request) { (lines) throws(DeliveryError) in
                    try writer.append(lines)
                }
                receipts.append(
                    DeliveryReceipt(
                        messages: pending.request.messages.count, bytes: bytes,
                        references: writer.currentPath.map { .place($0) } ?? .none))
            }
            try writer.synchronize()
        } catch {
            for pending in group { pending.continuation.resume(returning: .failure(error)) }
            return
        }
        for (pending, receipt) in zip(group, receipts) { pending.continuation.resume(returning: .success(receipt)) }
    }

    private static func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/"), let working = getcwd(nil, 0) else { return path }
        defer { free(working) }
        return "\(String(cString: working))/\(path)"
    }
}
