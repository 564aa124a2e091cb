internal import CCurl

/// A libcurl multi handle. Belongs to one thread; only `WakeUp` may leave it.
final class CurlMulti {
    /// Whether libcurl could be initialised in this process. libcurl wants that once, before anything else: every
    /// multi handle asks this first.
    static let isAvailable = ccurl_global_init() == CURLE_OK

    /// Ends the thread's sleep in `poll`, now or the next one.
    // Safe because curl_multi_wakeup is thread-safe; CurlInbox forgets the value before the handle is destroyed.
    struct WakeUp: @unchecked Sendable {
        fileprivate let handle: OpaquePointer

        func send() { curl_multi_wakeup(handle) }
    }

    private let handle: OpaquePointer

    init?() {
        guard Self.isAvailable, let handle = curl_multi_init() else { return nil }
        self.handle = handle
        // These three cannot fail for values that the library knows; an old library keeps its own defaults.
        ccurl_multi_setopt_long(handle, CURLMOPT_MAX_HOST_CONNECTIONS, TransferLimits.connectionsToHost)
        ccurl_multi_setopt_long(handle, CURLMOPT_MAX_CONCURRENT_STREAMS, TransferLimits.streamsOnConnection)
        ccurl_multi_setopt_long(handle, CURLMOPT_MAXCONNECTS, TransferLimits.transfers)
    }

    /// All easy handles must have been removed.
    deinit {
        curl_multi_cleanup(handle)
    }

    var wakeUp: WakeUp { WakeUp(handle: handle) }

    /// The result as a `CURLMcode`, 0 when all is well.
    func add(_ easy: CurlEasy) -> Int32 {
        Int32(curl_multi_add_handle(handle, easy.handle).rawValue)
    }

    func remove(_ easy: CurlEasy) {
        curl_multi_remove_handle(handle, easy.handle)
    }

    /// Does what can be done without waiting.
    func perform() {
        var running: Int32 = 0
        curl_multi_perform(handle, &running)
    }

    /// The next finished transfer as the handle's identity and its `CURLcode`. Its handle is still to be removed.
    func nextFinished() -> (identity: OpaquePointer, result: CURLcode)? {
        var result = CURLE_OK
        guard let easy = ccurl_multi_next_finished(handle, &result) else { return nil }
        return (easy, result)
    }

    /// Sleeps until a connection or a `WakeUp` has something, at most `milliseconds`.
    func poll(milliseconds: Int32) {
        curl_multi_poll(handle, nil, 0, milliseconds, nil)
    }
}
