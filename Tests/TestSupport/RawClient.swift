internal import Foundation
internal import Glibc

/// HTTP/1.1 over a plain socket, byte by byte as the test says; blocks a thread of its own, not the tests' pool.
package enum RawClient {
    package struct Failure: Error {
        package var step: String
    }

    /// Where to connect to.
    package enum Place: Sendable {
        case port(Int)
        case unixSocket(String)
    }

    /// One request without a body; everything that comes back.
    package static func get(_ path: String, port: Int, method: String = "GET") async throws -> String {
        let request = "\(method) \(path) HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"
        return try await exchange([Array(request.utf8)], with: .port(port))
    }

    /// One request with a body, on a connection of its own.
    ///
    /// - Parameter headers: further lines, each with its end.
    package static func post(
        _ path: String, _ body: [UInt8], headers: String = "", at place: Place
    ) async throws -> String {
        let head =
            "POST \(path) HTTP/1.1\r\nHost: test\r\nConnection: close\r\n"
            + "Content-Length: \(body.count)\r\n\(headers)\r\n"
        return try await exchange([Array(head.utf8) + body], with: place)
    }

    /// Sends the pieces, each once the server has said something after the one before (`awaitsAnswers`) or at once, and
    /// reads until the server closes.
    package static func exchange(
        _ pieces: [[UInt8]], with place: Place, awaitsAnswers: Bool = false
    ) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result { try blockingExchange(pieces, place, awaitsAnswers: awaitsAnswers) })
            }
        }
    }

    /// A connected socket; the caller closes it.
    package static func connected(port: Int) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(step: "socket") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            close(descriptor)
            throw Failure(step: "connect")
        }
        return descriptor
    }

    private static func connected(path: String) throws -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(step: "socket") }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        let result = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else {
            close(descriptor)
            throw Failure(step: "connect")
        }
        return descriptor
    }

    private static func blockingExchange(_ pieces: [[UInt8]], _ place: Place, awaitsAnswers: Bool) throws -> String {
        let descriptor =
            switch place {
            case .port(let port): try connected(port: port)
            case .unixSocket(let path): try connected(path: path)
            }
        defer { close(descriptor) }
        var response: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4_096)
        /// Whether there was anything to read.
        func readSome() throws -> Bool {
            let count = recv(descriptor, &chunk, chunk.count, 0)
            guard count >= 0 else { throw Failure(step: "read after \(response.count) bytes, errno \(errno)") }
            response += chunk[..<count]
            return count > 0
        }
        for (number, piece) in pieces.enumerated() {
            if awaitsAnswers, number > 0 { guard try readSome() else { break } }
            // A server that has heard enough closes; what it said before that is what counts.
            guard sendAll(piece, descriptor) else { break }
        }
        while try readSome() {}
        return String(decoding: response, as: UTF8.self)
    }

    private static func sendAll(_ bytes: [UInt8], _ descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
