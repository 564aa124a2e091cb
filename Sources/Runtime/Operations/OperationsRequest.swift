/// What a route may know about a request.
package struct OperationsRequest: Sendable {
    /// `GET`, `HEAD`, `POST` …
    package var method: String
    /// The path without the query.
    package var path: String
    /// What follows the question mark.
    package var query: OperationsQuery
    /// The header fields, `host` among them.
    package var headers: OperationsHeaders
    /// The address at the other end of the connection; nil on a Unix socket. Behind a proxy it is the proxy's.
    package var peer: String?
    /// The body, not read yet.
    package var body: OperationsBody

    package init(
        method: String, path: String, query: OperationsQuery = OperationsQuery(""),
        headers: OperationsHeaders = OperationsHeaders(), peer: String? = nil, body: OperationsBody = OperationsBody([])
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.peer = peer
        self.headers = headers
        self.body = body
    }

    /// The encodings of the body other than `identity`, in lower case, in the order in which they were applied.
    package var contentEncodings: [String] {
        headers["content-encoding"].flatMap { $0.split(separator: ",") }
            .map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
            .filter { !$0.isEmpty && $0 != "identity" }
    }
}
