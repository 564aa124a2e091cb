internal import Foundation
internal import Store

/// An HTTP/1.1 server on a free port of this machine: each request, byte by byte, is answered by the test. One request a
/// connection, one connection after the other.
package final class HTTPTestServer: Sendable {
    package struct Request: Sendable {
        /// Method and path, as in the first line.
        package let line: String
        /// Names in lower case.
        package let headers: [String: String]
        package let body: [UInt8]
    }

    package struct Response: Sendable {
        package var status: Int
        package var headers: [String: String]
        package var body: [UInt8]

        package init(_ status: Int, headers: [String: String] = [:], body: String = "") {
            self.status = status
            self.headers = headers
            self.body = Array(body.utf8)
        }
    }

    /// The port it listens on.
    package let port: UInt16
    /// All requests so far, in order.
    package let requests = Recorder<Request>()

    private let listener: Int32
    private let thread: DedicatedThread

    package init(_ answer: @escaping @Sendable (Request) -> Response) throws {
        (listener, port) = try LoopbackListener.open()
        let (listener, requests) = (listener, requests)
        thread = try DedicatedThread(name: "http-test") {
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { break }
                if let request = Self.read(connection) {
                    requests.record(request)
                    Self.send(answer(request), to: connection)
                }
                shutdown(connection, Int32(SHUT_WR))
                close(connection)
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        thread.join()
        close(listener)
    }

    /// HOST:PORT
    package var host: String { "127.0.0.1:\(port)" }

    private static func read(_ connection: Int32) -> Request? {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        var headEnd: Int?
        while true {
            if headEnd == nil { headEnd = bytes.firstRange(of: Array("\r\n\r\n".utf8))?.lowerBound }
            if let headEnd {
                var lines = String(decoding: bytes[..<headEnd], as: UTF8.self).components(separatedBy: "\r\n")
                let line = lines.removeFirst()
                var headers: [String: String] = [:]
                for line in lines {
                    let parts = line.split(separator: ":", maxSplits: 1)
                    guard parts.count == 2 else { continue }
                    headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
                }
                let length = headers["content-length"].flatMap { Int($0) } ?? 0
                let body = bytes[(headEnd + 4)...]
                if body.count >= length { return Request(line: line, headers: headers, body: Array(body)) }
            }
            let count = recv(connection, &chunk, chunk.count, 0)
            guard count > 0 else { return nil }
            bytes += chunk[..<count]
        }
    }

    private static func send(_ response: Response, to connection: Int32) {
        var head =
            "HTTP/1.1 \(response.status) Answer\r\nConnection: close\r\nContent-Length: \(response.body.count)\r\n"
        for (name, value) in response.headers { head += "\(name): \(value)\r\n" }
        var rest = ArraySlice(Array("\(head)\r\n".utf8) + response.body)
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
