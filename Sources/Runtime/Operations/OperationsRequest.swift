/// What a route may know about a request.
package struct OperationsRequest: Sendable {
    /// `GET`, `HEAD`, `POST` …
    package var method: String
    /// The path without the query.
    package var path: String
    /// The header fields.
    package var headers: OperationsHeaders
    /// The body, not read yet.
    package var body: OperationsBody

    package init(
        method: String, path: String, headers: OperationsHeaders = OperationsHeaders(),
        body: OperationsBody = OperationsBody([])
    ) {
        self.method = method
        self.path = path
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
