internal import CCurl

/// A libcurl easy handle with the memory that libcurl borrows from us. Belongs to the transfer thread.
final class CurlEasy {
    /// Also the handle's identity in `CurlMulti.nextFinished`.
    let handle: OpaquePointer

    private let errorText: UnsafeMutablePointer<CChar>
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private var firstFailure = CURLE_OK

    init?() {
        guard let handle = curl_easy_init() else { return nil }
        self.handle = handle
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    /// The handle must not be in a multi handle.
    deinit {
        curl_easy_cleanup(handle)
        curl_slist_free_all(headerList)
        errorText.deallocate()
    }

    /// Sets every option for the request. Nothing relies on a default of the library where safety depends on it.
    ///
    /// - Parameters:
    ///   - state: receives the callbacks; the caller keeps it alive until the handle has left the multi handle.
    ///   - connectionLifetime: connections older than this many seconds are not used.
    /// - Returns: the first refusal, if any.
    func configure(
        for request: HTTPTransferRequest, state: CurlTransferState, connectionLifetime: Int
    ) -> TransferError? {
        firstFailure = CURLE_OK
        errorText[0] = 0
        set(CURLOPT_ERRORBUFFER, pointer: errorText)
        set(CURLOPT_URL, request.url)
        if let path = request.unixSocketPath { set(CURLOPT_UNIX_SOCKET_PATH, path) }
        setLimits(of: request, connectionLifetime: connectionLifetime)
        setSecurity(request.security)
        setMethodAndBody(of: request, state: state)
        let context = Unmanaged.passUnretained(state).toOpaque()
        set(receive: CURLOPT_WRITEFUNCTION, curlTransferReceivesBody)
        set(CURLOPT_WRITEDATA, pointer: context)
        set(receive: CURLOPT_HEADERFUNCTION, curlTransferReceivesHeader)
        set(CURLOPT_HEADERDATA, pointer: context)
        for header in request.headers {
            guard Self.isClean(header.name), Self.isClean(header.value) else {
                return TransferError(
                    reason: .curl, curlCode: Int32(CURLE_BAD_FUNCTION_ARGUMENT.rawValue),
                    message: "\(request.url): the header \(header.name) contains a control character")
            }
            appendHeader("\(header.name): \(header.value)")
        }
        // Without this, curl waits for "100 Continue" before it sends a large body.
        appendHeader("Expect:")
        note(ccurl_setopt_list(handle, CURLOPT_HTTPHEADER, headerList))
        return firstFailure == CURLE_OK ? nil : error(firstFailure, url: request.url)
    }

    /// Makes the handle fit for another request; it must have left the multi handle.
    func reset() {
        curl_easy_reset(handle)
        curl_slist_free_all(headerList)
        headerList = nil
    }

    /// libcurl's account of a failed transfer; read it before `reset`.
    func error(_ code: CURLcode, url: String) -> TransferError {
        let detail = String(cString: errorText)
        let text = detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail
        return TransferError(reason: .curl, curlCode: Int32(code.rawValue), message: "\(url): \(text)")
    }

    /// HTTP status of the finished transfer, 0 when there was none.
    var status: Int { information(CURLINFO_RESPONSE_CODE) }

    /// Connections that the finished transfer had to open.
    var newConnections: Int { information(CURLINFO_NUM_CONNECTS) }

    private func setLimits(of request: HTTPTransferRequest, connectionLifetime: Int) {
        // Signals would hit any thread of the process; timeouts work without them.
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_TIMEOUT_MS, Self.milliseconds(request.timeout))
        set(CURLOPT_CONNECTTIMEOUT_MS, Self.milliseconds(min(request.timeout, TransferLimits.connectTimeout)))
        set(CURLOPT_LOW_SPEED_LIMIT, TransferLimits.lowSpeedBytes)
        // Who works on this machine may be silent for as long as the request may take.
        set(CURLOPT_LOW_SPEED_TIME, request.unixSocketPath == nil ? TransferLimits.lowSpeedSeconds : 0)
        set(CURLOPT_MAXAGE_CONN, TransferLimits.connectionIdleSeconds)
        set(CURLOPT_MAXLIFETIME_CONN, connectionLifetime)
        set(CURLOPT_TCP_KEEPALIVE, 1)
        set(CURLOPT_UPLOAD_BUFFERSIZE, TransferLimits.uploadBufferBytes)
        set(CURLOPT_FOLLOWLOCATION, 0)
        // Wait for a stream on a connection that is being set up rather than open one more.
        set(CURLOPT_PIPEWAIT, 1)
        set(CURLOPT_USERAGENT, TransferLimits.userAgent)
    }

    private func setSecurity(_ security: HTTPTransferRequest.Security) {
        switch security {
        case .tls:
            set(CURLOPT_PROTOCOLS_STR, "https")
            set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
            set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
            set(CURLOPT_SSL_VERIFYPEER, 1)
            set(CURLOPT_SSL_VERIFYHOST, 2)
        case .plaintextHTTP2:
            set(CURLOPT_PROTOCOLS_STR, "http")
            set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE))
            if Self.losesPriorKnowledgeOnReuse {
                set(CURLOPT_FRESH_CONNECT, 1)
                set(CURLOPT_FORBID_REUSE, 1)
                set(CURLOPT_PIPEWAIT, 0)
            }
            // A proxy named in the environment is for the world outside; the emulator is beside us.
            set(CURLOPT_PROXY, "")
        case .plaintextHTTP1:
            set(CURLOPT_PROTOCOLS_STR, "http")
            set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
            set(CURLOPT_PROXY, "")
        }
    }

    private func setMethodAndBody(of request: HTTPTransferRequest, state: CurlTransferState) {
        switch request.method {
        case .get:
            set(CURLOPT_HTTPGET, 1)
            return
        case .delete, .options:
            set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
            return
        case .put:
            set(CURLOPT_POST, 1)
            set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        case .post:
            set(CURLOPT_POST, 1)
        }
        let context = Unmanaged.passUnretained(state).toOpaque()
        note(ccurl_setopt_off_t(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count)))
        note(ccurl_setopt_send(handle, CURLOPT_READFUNCTION, curlTransferSendsBody))
        set(CURLOPT_READDATA, pointer: context)
        note(ccurl_setopt_seek(handle, CURLOPT_SEEKFUNCTION, curlTransferSeeksBody))
        set(CURLOPT_SEEKDATA, pointer: context)
    }

    private func set(_ option: CURLoption, _ value: Int) { note(ccurl_setopt_long(handle, option, value)) }

    private func set(_ option: CURLoption, _ value: String) { note(ccurl_setopt_string(handle, option, value)) }

    private func set(_ option: CURLoption, pointer: UnsafeMutableRawPointer) {
        note(ccurl_setopt_pointer(handle, option, pointer))
    }

    private func set(receive option: CURLoption, _ callback: @escaping ccurl_receive_callback) {
        note(ccurl_setopt_receive(handle, option, callback))
    }

    private func appendHeader(_ line: String) {
        guard let list = curl_slist_append(headerList, line) else { return note(CURLE_OUT_OF_MEMORY) }
        headerList = list
    }

    private func note(_ code: CURLcode) {
        if firstFailure == CURLE_OK { firstFailure = code }
    }

    private func information(_ info: CURLINFO) -> Int {
        var value = 0
        return ccurl_getinfo_long(handle, info, &value) == CURLE_OK ? value : 0
    }

    // libcurl before 8.0.0 puts a second HTTP/2 layer on a connection that it uses again with prior knowledge, and the
    // transfer fails in the framing layer (curl/curl#10634). Debian 12 has 7.88.1. Connections that negotiated HTTP/2
    // in TLS are not concerned.
    private static let losesPriorKnowledgeOnReuse = ccurl_version() < 0x080000

    /// At least 1: libcurl takes 0 for "for ever".
    private static func milliseconds(_ duration: Duration) -> Int {
        let (seconds, attoseconds) = duration.components
        let milliseconds = min(seconds, Int64(Int32.max) / 1000 - 1) * 1000 + attoseconds / 1_000_000_000_000_000
        return Int(max(1, milliseconds))
    }

    private static func isClean(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }
}
