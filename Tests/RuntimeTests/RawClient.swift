import Foundation
import Glibc

/// One HTTP/1.1 request over a plain socket; blocks a thread of its own, not the tests' pool.
enum RawClient {
    struct Failure: Error { var step: String }

    static func get(_ path: String, port: Int, method: String = "GET") async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Result { try blocking(path, port: port, method: method) })
            }
        }
    }

    /// A connected socket; the caller closes it.
    static func connected(port: Int) throws -> Int32 {
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

    private static func blocking(_ path: String, port: Int, method: String) throws -> String {
        let descriptor = try connected(port: port)
        defer { close(descriptor) }
        let request = Array("\(method) \(path) HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n".utf8)
        guard write(descriptor, request, request.count) == request.count else { throw Failure(step: "write") }
        var response: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            guard count >= 0 else { throw Failure(step: "read") }
            if count == 0 { return String(decoding: response, as: UTF8.self) }
            response += chunk[..<count]
        }
    }
}
