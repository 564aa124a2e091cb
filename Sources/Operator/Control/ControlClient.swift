internal import Contract
package import Forwarder
internal import Runtime
package import Store
internal import Transfer

/// Talks to a running forwarder over its control socket.
package struct ControlClient: ForwarderCommands {
    /// How long the status may take.
    package static let statusTime = Duration.seconds(5)

    // libcurl's numbers, which never change: CURLE_COULDNT_CONNECT and CURLE_OPERATION_TIMEDOUT.
    private static let couldNotConnect: Int32 = 7
    private static let timedOut: Int32 = 28

    private let path: String
    private let transfers: CurlTransfers
    private let commandTime: Duration
    private let statusTime: Duration

    /// - Throws: `unreachable` when libcurl can not be used.
    package init(
        layout: SpoolLayout, commandTime: Duration = ControlProtocol.commandTime, statusTime: Duration = Self.statusTime
    ) throws(ControlFailure) {
        path = layout.controlSocketPath
        self.commandTime = commandTime
        self.statusTime = statusTime
        do throws(TransferError) {
            transfers = try CurlTransfers()
        } catch {
            throw ControlFailure(.unreachable, error.message)
        }
    }

    package func perform(_ command: ControlCommand, actor: String) async throws(ControlFailure) -> ControlResult {
        let body = ControlEnvelope(command: command, actor: actor).json.bytes
        let answer = try await ask(.post, ControlProtocol.commandPath, body: body, timeout: commandTime)
        guard let result = ControlResult(answer) else { throw mismatch }
        return result
    }

    package func status() async -> [DeliveryStatus] { (try? await statusOrFailure()) ?? [] }

    /// How delivery goes now.
    /// - Throws: when the forwarder does not say.
    package func statusOrFailure() async throws(ControlFailure) -> [DeliveryStatus] {
        let answer = try await ask(.get, ControlProtocol.statusPath, body: [], timeout: statusTime)
        guard let destinations = answer["destinations"]?.elements else { throw mismatch }
        return destinations.compactMap { DeliveryStatus($0) }
    }

    private func ask(
        _ method: HTTPTransferRequest.Method, _ path: String, body: [UInt8], timeout: Duration
    ) async throws(ControlFailure) -> JSONValue {
        let socket: LocalSocket
        do throws(RuntimeFailure) {
            socket = try LocalSocket(path: self.path)
        } catch {
            throw ControlFailure(.unreachable, error.message)
        }
        var request = HTTPTransferRequest(
            url: "http://forwarder" + path, method: method, security: .plaintextHTTP1,
            headers: [HTTPTransferRequest.Header("Content-Type", "application/json")], body: body, timeout: timeout,
            maximumResponseBytes: ControlProtocol.maximumAnswerBytes)
        request.unixSocketPath = socket.path
        let response: HTTPTransferResponse
        do throws(TransferError) {
            response = try await transfers.execute(request)
        } catch {
            throw failure(error, timeout)
        }
        // A path that a forwarder does not know is one of another version.
        guard response.status != 404, let json = try? JSONValue.read(response.body) else { throw mismatch }
        guard response.status == 200 else {
            guard let code = json["code"]?.text, let detail = json["detail"]?.text else { throw mismatch }
            throw ControlFailure(ControlFailure.Code(rawValue: code) ?? .storeFailed, detail)
        }
        return json
    }

    private var mismatch: ControlFailure {
        ControlFailure(
            .versionMismatch,
            "\(path): the running forwarder does not speak version \(ControlProtocol.version) of the control "
                + "protocol: use the gatewayctl of the forwarder's version, or upgrade the forwarder")
    }

    private func failure(_ error: TransferError, _ timeout: Duration) -> ControlFailure {
        switch error.curlCode {
        case Self.couldNotConnect:
            ControlFailure(
                .unreachable,
                "\(path): the forwarder does not take commands: it may be starting or stopping, or its socket is not "
                    + "this user's; try again, as the forwarder's user")
        case Self.timedOut:
            ControlFailure(
                .timeout,
                "\(path): no answer from the forwarder within \(timeout): look at its log; the command may have been "
                    + "carried out, `gatewayctl status` and `gatewayctl dead-letters list` show it")
        default: ControlFailure(.unreachable, "\(path): \(error.message)")
        }
    }
}
