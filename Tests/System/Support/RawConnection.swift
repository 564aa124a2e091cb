internal import Foundation

/// A plaintext HTTP/2 connection, frame by frame, for what no well-behaved client does. Blocking: use `blocking`.
final class RawConnection: @unchecked Sendable {
    // Safe because one caller at a time uses a connection: it is handed over, never shared.

    /// What a server says about one stream, or about the connection.
    struct Frame {
        let type: UInt8
        let flags: UInt8
        let stream: UInt32
        let payload: [UInt8]
    }

    enum FrameType {
        static let data: UInt8 = 0
        static let headers: UInt8 = 1
        static let reset: UInt8 = 3
        static let settings: UInt8 = 4
        static let ping: UInt8 = 6
        static let goAway: UInt8 = 7
    }

    private static let endStream: UInt8 = 1
    private static let endHeaders: UInt8 = 4
    private static let acknowledgement: UInt8 = 1
    private static let cancel: [UInt8] = [0, 0, 0, 8]

    /// The text of the server's GOAWAY.
    private(set) var farewell: String?

    private let socket: Int32
    private var output: [UInt8] = []
    private var input: [UInt8] = []

    /// Connects and queues the preface. Reading waits at most `timeout` seconds for each piece.
    init(port: Int, timeout: Int = 20) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { throw HarnessError("no socket") }
        var limit = timeval(tv_sec: timeout, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else {
            close(socket)
            throw HarnessError("can not connect: \(String(cString: strerror(errno)))")
        }
        output += Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
        frame(FrameType.settings, 0, 0, [])
    }

    deinit { close(socket) }

    /// Queues the headers of a `RecordEvents` call.
    func open(stream: UInt32) { frame(FrameType.headers, Self.endHeaders, stream, Self.requestHeaders) }

    /// Queues bytes of a call's body.
    func send(_ bytes: [UInt8], stream: UInt32, isLast: Bool) {
        frame(FrameType.data, isLast ? Self.endStream : 0, stream, bytes)
    }

    /// Queues the end of a call that nobody wants any more.
    func reset(stream: UInt32) { frame(FrameType.reset, 0, stream, Self.cancel) }

    /// Queues a question that the server answers once it has seen all that is before it.
    func ping() { frame(FrameType.ping, 0, 0, [UInt8](repeating: 1, count: 8)) }

    /// Sends what is queued.
    /// - Returns: false when the server has closed the connection.
    func flush() -> Bool {
        defer { output = [] }
        var rest = output[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// The next frame; nil when the server has closed the connection or says nothing.
    func next() -> Frame? {
        guard fill(9) else { return nil }
        let length = Int(input[0]) << 16 | Int(input[1]) << 8 | Int(input[2])
        guard fill(9 + length) else { return nil }
        let stream = input[5..<9].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7fff_ffff
        let frame = Frame(
            type: input[3], flags: input[4], stream: stream, payload: Array(input[9..<(9 + length)]))
        input.removeFirst(9 + length)
        if frame.type == FrameType.goAway {
            farewell =
                "error \(frame.payload.dropFirst(4).prefix(4).reduce(0) { $0 << 8 | Int($1) }), "
                + String(decoding: frame.payload.dropFirst(8), as: UTF8.self)
        }
        return frame
    }

    /// Reads until the ping is answered.
    /// - Returns: false when the server has closed the connection instead.
    func waitForPong() -> Bool {
        while let frame = next() {
            if frame.type == FrameType.ping, frame.flags & Self.acknowledgement != 0 { return true }
        }
        return false
    }

    private func fill(_ count: Int) -> Bool {
        var chunk = [UInt8](repeating: 0, count: 16384)
        while input.count < count {
            let received = recv(socket, &chunk, chunk.count, 0)
            guard received > 0 else { return false }
            input += chunk[..<received]
        }
        return true
    }

    private func frame(_ type: UInt8, _ flags: UInt8, _ stream: UInt32, _ payload: [UInt8]) {
        let length = payload.count
        output += [UInt8(length >> 16 & 0xff), UInt8(length >> 8 & 0xff), UInt8(length & 0xff), type, flags]
        output += (0..<4).map { UInt8(truncatingIfNeeded: stream >> (24 - 8 * $0)) }
        output += payload
    }

    /// HPACK without a dynamic table and without Huffman codes.
    private static let requestHeaders: [UInt8] = {
        // Indexed: `:method: POST` and `:scheme: http`.
        var block: [UInt8] = [0x83, 0x86]
        func text(_ value: String) -> [UInt8] { [UInt8(value.utf8.count)] + Array(value.utf8) }
        // Literals without indexing; the names of `:path` and `:authority` by their index.
        block += [0x04] + text("/telemetrygateway.v1.TelemeteryGatewayService/RecordEvents")
        block += [0x01] + text("localhost")
        block += [0x00] + text("content-type") + text("application/grpc")
        block += [0x00] + text("te") + text("trailers")
        return block
    }()
}
