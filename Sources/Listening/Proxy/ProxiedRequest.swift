internal import NIOHTTP1

/// Says an HTTP/2 request in HTTP/1.1. Pure functions.
enum ProxiedRequest {
    /// Headers that concern one connection only.
    static let connectionHeaders = [
        "connection", "keep-alive", "proxy-connection", "te", "transfer-encoding", "upgrade", "http2-settings",
    ]

    /// The head for the HTTP/1.1 server; nil when it holds bytes that HTTP/1.1 would read as something else (which would let a
    /// client smuggle a second request past the first).
    ///
    /// - Parameter head: as NIO's codec makes it: version 2, with `host`, and chunked framing where it knows of a body.
    static func head(_ head: HTTPRequestHead) -> HTTPRequestHead? {
        let chunked = isChunked(head)
        guard isToken(head.method.rawValue), head.method != .CONNECT, isTarget(head.uri) else { return nil }
        var headers = HTTPHeaders()
        headers.reserveCapacity(head.headers.count + 2)
        for (name, value) in head.headers {
            guard isToken(name), isFieldValue(value) else { return nil }
            if !connectionHeaders.contains(name.lowercased()) { headers.add(name: name, value: value) }
        }
        headers.add(name: "connection", value: "close")
        if chunked, !headers.contains(name: "content-length") {
            headers.add(name: "transfer-encoding", value: "chunked")
        }
        return HTTPRequestHead(version: .http1_1, method: head.method, uri: head.uri, headers: headers)
    }

    /// Whether the head says how its body ends; the ones of GET and the like do not, even if a body follows.
    static func isFramed(_ head: HTTPRequestHead) -> Bool {
        isChunked(head) || head.headers.contains(name: "content-length")
    }

    /// The head of a request whose body turned out to exist.
    static func withBody(_ head: HTTPRequestHead) -> HTTPRequestHead {
        var head = head
        head.headers.add(name: "transfer-encoding", value: "chunked")
        return head
    }

    private static func isChunked(_ head: HTTPRequestHead) -> Bool { head.headers.contains(name: "transfer-encoding") }

    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default:
                    "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    private static func isTarget(_ text: String) -> Bool {
        (text.utf8.first == UInt8(ascii: "/") || text == "*") && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
    }

    private static func isFieldValue(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == UInt8(ascii: "\t") }
    }
}
