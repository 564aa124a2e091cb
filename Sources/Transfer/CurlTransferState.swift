internal import CCurl
internal import Glibc

/// One transfer under way: what its callbacks read and fill. Belongs to the transfer thread.
final class CurlTransferState {
    let submission: CurlInbox.Submission
    let easy: CurlEasy
    let started = ContinuousClock.now

    private(set) var headers: [String: String] = [:]
    private(set) var responseBody: [UInt8] = []
    private(set) var responseTooLarge = false
    private var headerLines = 0
    private var sent = 0

    init(submission: CurlInbox.Submission, easy: CurlEasy) {
        self.submission = submission
        self.easy = easy
    }

    func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard responseBody.count + bytes.count <= submission.request.maximumResponseBytes else {
            responseTooLarge = true
            return false
        }
        responseBody.append(contentsOf: bytes)
        return true
    }

    func receiveHeader(_ line: UnsafeRawBufferPointer) {
        guard line.count <= TransferLimits.headerLineBytes else { return }
        if line.starts(with: "HTTP/".utf8) {
            // A new response begins: after "100 Continue", for one.
            headers.removeAll(keepingCapacity: true)
            headerLines = 0
            return
        }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), headerLines < TransferLimits.headerLines else {
            return
        }
        headerLines += 1
        let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
        let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A }
        var value = line[line.index(after: colon)...].drop(while: isSpace)
        while let last = value.last, isSpace(last) { value.removeLast() }
        headers[name] = String(decoding: value, as: UTF8.self)
    }

    func sendBody(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        submission.request.body.withUnsafeBytes { body in
            let count = min(buffer.count, body.count - sent)
            guard count > 0 else { return 0 }
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: body[sent..<sent + count]))
            sent += count
            return count
        }
    }

    func seekBody(to offset: Int) -> Bool {
        guard (0...submission.request.body.count).contains(offset) else { return false }
        sent = offset
        return true
    }
}

/// libcurl hands over response bytes.
func curlTransferReceivesBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let context else { return 0 }
    let state = Unmanaged<CurlTransferState>.fromOpaque(context).takeUnretainedValue()
    // Fewer bytes than offered tell libcurl to end the transfer.
    return state.receiveBody(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
}

/// libcurl hands over one header or trailer line.
func curlTransferReceivesHeader(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let context else { return 0 }
    let state = Unmanaged<CurlTransferState>.fromOpaque(context).takeUnretainedValue()
    state.receiveHeader(UnsafeRawBufferPointer(start: bytes, count: size * count))
    return size * count
}

/// libcurl wants request bytes.
func curlTransferSendsBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let context else { return 0 }
    let state = Unmanaged<CurlTransferState>.fromOpaque(context).takeUnretainedValue()
    return state.sendBody(into: UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
}

/// libcurl wants to send the body again: a pooled connection turned out to be closed.
func curlTransferSeeksBody(_ context: UnsafeMutableRawPointer?, _ offset: curl_off_t, _ origin: Int32) -> Int32 {
    guard let context, origin == SEEK_SET else { return Int32(CURL_SEEKFUNC_CANTSEEK) }
    let state = Unmanaged<CurlTransferState>.fromOpaque(context).takeUnretainedValue()
    return state.seekBody(to: Int(offset)) ? Int32(CURL_SEEKFUNC_OK) : Int32(CURL_SEEKFUNC_FAIL)
}
