internal import Contract
package import Forwarder
package import Runtime
package import Store
internal import Transfer

/// Tells a running process to reload, over its control socket.
package struct ReloadClient: Sendable {
    /// How long a process that has its lock and does not answer yet is waited for.
    package static let patience = Duration.seconds(5)
    private static let reloadTime = Duration.seconds(60)
    private static let lastTime = Duration.seconds(5)
    private static let pause = Duration.milliseconds(50)
    private static let maximumAnswerBytes = 4 << 20

    private let target: ReloadTarget
    private let layout: SpoolLayout
    private let patience: Duration

    /// Connects to nothing yet.
    package init(_ target: ReloadTarget, layout: SpoolLayout, patience: Duration = Self.patience) {
        self.target = target
        self.layout = layout
        self.patience = patience
    }

    /// Reloads.
    /// - Parameters:
    ///   - isDryRun: only says what would change.
    ///   - file: for a dry run, the file to look at instead of the process's own.
    /// - Throws: `notRunning`, `unreachable`, `timeout`, `versionMismatch`, `invalid`.
    package func reload(isDryRun: Bool, file: String?) async throws(ControlFailure) -> ReloadReport {
        var wishes: [(name: String, value: JSONValue)] = [("dry_run", .bool(isDryRun))]
        if let file { wishes.append(("file", .string(file))) }
        let answer = try await asking(
            HTTPTransferRequest(
                url: url(OperationsRoute.reloadPath), security: .plaintextHTTP1,
                headers: [HTTPTransferRequest.Header("Content-Type", "application/json")],
                body: JSONValue.members(wishes).bytes, timeout: Self.reloadTime,
                maximumResponseBytes: Self.maximumAnswerBytes))
        guard let report = ReloadReport(answer) else { throw mismatch }
        return report
    }

    /// What came of the last reload; nil before the first, and when the process does not say.
    package func last() async -> ReloadReport? {
        guard ProcessLock.isHeld(path: target.lockPath(layout)) else { return nil }
        let request = HTTPTransferRequest(
            url: url(OperationsRoute.lastReloadPath), method: .get, security: .plaintextHTTP1, timeout: Self.lastTime,
            maximumResponseBytes: Self.maximumAnswerBytes)
        guard let answer = try? await ask(request), let last = answer["last"] else { return nil }
        return ReloadReport(last)
    }

    /// Asks until the process answers, for as long as it may be starting.
    private func asking(_ request: HTTPTransferRequest) async throws(ControlFailure) -> JSONValue {
        let deadline = ContinuousClock.now + patience
        while true {
            guard ProcessLock.isHeld(path: target.lockPath(layout)) else {
                throw ControlFailure(
                    .notRunning,
                    "\(layout.root): no \(target.process) runs on this spool; `\(target.process) --check-config` looks "
                        + "at a configuration without one")
            }
            do throws(ControlFailure) {
                return try await ask(request)
            } catch {
                guard error.code == .unreachable, ContinuousClock.now < deadline else { throw error }
                try? await Task.sleep(for: Self.pause)
            }
        }
    }

    private func ask(_ request: HTTPTransferRequest) async throws(ControlFailure) -> JSONValue {
        let transfers: CurlTransfers
        let socket: LocalSocket
        do {
            transfers = try CurlTransfers()
            socket = try LocalSocket(path: target.socketPath(layout))
        } catch {
            throw ControlFailure(.unreachable, "\(error)")
        }
        var request = request
        request.unixSocketPath = socket.path
        let response: HTTPTransferResponse
        do throws(TransferError) {
            response = try await transfers.execute(request)
        } catch {
            throw failure(error, request.timeout)
        }
        guard response.status != 404, let json = try? JSONValue.read(response.body) else { throw mismatch }
        guard response.status == 200 else {
            throw ControlFailure(
                .invalid, "\(target.process): \(json["detail"]?.text ?? "HTTP status \(response.status)")")
        }
        return json
    }

    private func failure(_ error: TransferError, _ timeout: Duration) -> ControlFailure {
        // libcurl's number, which never changes: CURLE_OPERATION_TIMEDOUT.
        if error.curlCode == 28 {
            return ControlFailure(
                .timeout, "\(target.process): no answer within \(timeout): its log says what came of the reload")
        }
        let holder = ProcessLock.holder(path: target.lockPath(layout)).map { "kill -HUP \($0)" }
        return ControlFailure(
            .unreachable,
            "\(target.socketPath(layout)): \(target.process) does not take commands: its socket may not be this user's, "
                + "or it is of an earlier version; try again as its user, or send it SIGHUP"
                + (holder.map { " where it runs (\($0))" } ?? ""))
    }

    private var mismatch: ControlFailure {
        ControlFailure(
            .versionMismatch,
            "\(target.process): the running process answers otherwise than this gatewayctl expects: use the gatewayctl of "
                + "its version, or send it SIGHUP")
    }

    private func url(_ path: String) -> String { "http://\(target.rawValue)\(path)" }
}
