/// What an operations endpoint may know about a request.
package struct OperationsRequest: Sendable, Equatable {
    /// `GET`, `HEAD` …
    package var method: String
    /// The path without the query.
    package var path: String
    /// The value of the Authorization header.
    package var authorization: String?

    package init(method: String, path: String, authorization: String? = nil) {
        self.method = method
        self.path = path
        self.authorization = authorization
    }
}
