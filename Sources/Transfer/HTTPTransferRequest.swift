/// One HTTP request for `CurlTransfers`.
package struct HTTPTransferRequest: Sendable, CustomStringConvertible {
    /// The request method.
    package enum Method: String, Sendable {
        /// GET
        case get = "GET"
        /// POST
        case post = "POST"
        /// PUT
        case put = "PUT"
        /// DELETE
        case delete = "DELETE"
        /// OPTIONS, without a body
        case options = "OPTIONS"
    }

    /// How the peer is spoken to. It decides which URL schemes are allowed.
    package enum Security: Sendable, Hashable {
        /// TLS 1.2 or newer, HTTP/2 where the peer offers it. The only choice for anything beyond this machine.
        case tls
        /// HTTP/2 without TLS and without negotiation: gRPC with a peer on this machine, an emulator for one.
        case plaintextHTTP2
        /// HTTP/1.1 without TLS: other peers on this machine.
        case plaintextHTTP1
    }

    /// One header line.
    package struct Header: Sendable, Hashable {
        /// Name, as it is sent.
        package let name: String
        /// Value, as it is sent.
        package let value: String

        /// Makes a header.
        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Absolute URL, without secrets: errors repeat it.
    package var url: String
    /// The method.
    package var method: Method
    /// Scheme and protocol allowed.
    package var security: Security
    /// Extra headers.
    package var headers: [Header]
    /// Body; sent from this array without a copy of the whole.
    package var body: [UInt8]
    /// For the whole transfer, connection included.
    package var timeout: Duration
    /// Response body beyond this many bytes ends the transfer with an error.
    package var maximumResponseBytes: Int

    /// The Unix socket to connect to instead of the URL's host; nil for TCP.
    package var unixSocketPath: String?

    /// Makes a request with the standard limits.
    package init(
        url: String, method: Method = .post, security: Security = .tls, headers: [Header] = [], body: [UInt8] = [],
        timeout: Duration = TransferLimits.timeout, maximumResponseBytes: Int = TransferLimits.responseBytes
    ) {
        self.url = url
        self.method = method
        self.security = security
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.maximumResponseBytes = maximumResponseBytes
    }
    /// Method and URL. Headers and body may hold secrets and are left out.
    package var description: String { "\(method.rawValue) \(url)" }
}
