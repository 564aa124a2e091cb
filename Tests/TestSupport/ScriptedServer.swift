internal import Foundation
internal import Store

/// A plain TCP server on a free port of this machine, for one test: each connection is answered as scripted.
package final class ScriptedServer: Sendable {
    package enum Answer: Sendable {
        /// Reads one HTTP/1.1 request and sends these bytes, then closes.
        case bytes(String)
        /// Reads one HTTP/1.1 request and sends back its body.
        case echo
        /// Reads the request and says nothing until the server ends.
        case silence
    }

    /// The port it listens on.
    package let port: UInt16
    /// One value for each request that was read.
    package let requests: AsyncStream<String>

    private let listener: Int32
    private let thread: DedicatedThread

    package init(_ answer: Answer) throws {
        (listener, port) = try LoopbackListener.open()
        let (requests, continuation) = AsyncStream.makeStream(of: String.self)
        self.requests = requests
        let keep = Changeable<[Int32]>([])
        let listener = listener
        kept = keep
        thread = try DedicatedThread(name: "scripted") {
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { break }
                guard let (head, body) = Self.readRequest(connection) else {
                    close(connection)
                    continue
                }
                continuation.yield(head)
                switch answer {
                case .bytes(let text): Self.send(connection, text)
                case .echo:
                    Self.send(connection, "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
                case .silence:
                    keep.value.append(connection)
                    continue
                }
                shutdown(connection, Int32(SHUT_WR))
                close(connection)
            }
            continuation.finish()
        }
    }

    private let kept: Changeable<[Int32]>

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        thread.join()
        close(listener)
        for connection in kept.value { close(connection) }
    }

    /// The URL of every path.
    package var url: String { "http://127.0.0.1:\(port)/path" }

    /// A port that nothing listens on: it was free a moment ago.
    package static func closedPort() throws -> UInt16 {
        let (listener, port) = try LoopbackListener.open()
        close(listener)
        return port
    }

    private static func readRequest(_ connection: Int32) -> (head: String, body: String)? {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let text = String(decoding: bytes, as: UTF8.self)
            if let end = text.range(of: "\r\n\r\n") {
                let head = String(text[..<end.lowerBound])
                let length = head.lowercased().split(separator: "\r\n")
                    .first { $0.hasPrefix("content-length:") }
                    .flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) }
                let body = String(text[end.upperBound...])
                if body.utf8.count >= length ?? 0 { return (head, body) }
            }
            let count = recv(connection, &chunk, chunk.count, 0)
            guard count > 0 else { return nil }
            bytes += chunk[..<count]
        }
    }

    private static func send(_ connection: Int32, _ text: String) {
        var rest = ArraySlice(text.utf8)
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
