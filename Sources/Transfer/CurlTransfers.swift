internal import Store

/// HTTP transfers over libcurl's multi interface, all on one thread of their own. One value serves the whole process:
/// connections are shared between all users, HTTP/2 streams are multiplexed.
package final class CurlTransfers: Sendable {
    private let inbox: CurlInbox
    private let thread: DedicatedThread

    /// Starts the thread.
    ///
    /// - Throws: `.startup` when libcurl or the operating system refuses.
    package init() throws(TransferError) {
        guard CurlMulti.isAvailable else {
            throw TransferError(reason: .startup, message: "libcurl cannot be initialised")
        }
        let inbox = CurlInbox()
        self.inbox = inbox
        thread = try Self.startThread {
            if let loop = CurlLoop(inbox: inbox) { loop.run() }
            for submission in inbox.close().submissions {
                let url = submission.request.url
                let error = TransferError(reason: .shutDown, message: "\(url): transfers are shut down")
                submission.continuation.resume(returning: .failure(error))
            }
            inbox.announceStopped()
        }
    }

    deinit {
        inbox.stopNow()
    }

    private static func startThread(_ body: @escaping @Sendable () -> Void) throws(TransferError) -> DedicatedThread {
        do throws(StoreError) {
            return try DedicatedThread(name: "curl", body)
        } catch {
            throw TransferError(reason: .startup, message: error.message)
        }
    }

    /// Runs the request to its end. A task that is cancelled takes its transfer off the connection at once.
    package func execute(_ request: HTTPTransferRequest) async throws(TransferError) -> HTTPTransferResponse {
        let id = inbox.nextID()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                inbox.submit(CurlInbox.Submission(id: id, request: request, continuation: continuation))
                // A task that was cancelled before has had its handler called before there was anything to cancel.
                if Task.isCancelled { inbox.cancel(id) }
            }
        } onCancel: {
            inbox.cancel(id)
        }
        return try result.get()
    }

    /// ``execute(_:)``, for those who need no more than that.
    package var exchange: HTTPExchange {
        { request throws(TransferError) in try await self.execute(request) }
    }

    /// Refuses new transfers, gives those under way `grace` to finish, fails the rest and joins the thread.
    package func shutdown(grace: Duration = TransferLimits.shutdownGrace) async {
        await inbox.stop(.draining(until: .now + grace))
        // The thread has said that it is about to end: this blocks for microseconds.
        thread.join()
    }
}
