/// One path that a server answers.
package struct OperationsRoute: Sendable {
    /// The path, compared exactly.
    package let path: String
    /// The method it takes; a route for `GET` answers `HEAD` too, without the body.
    package let method: String
    /// Whether it reads request bodies. Only then are compressed ones decompressed.
    package let readsBody: Bool
    /// Makes the answer.
    package let respond: @Sendable (OperationsRequest) async -> OperationsResponse

    /// A route without request bodies.
    package static func get(
        _ path: String, respond: @escaping @Sendable (OperationsRequest) async -> OperationsResponse
    ) -> OperationsRoute {
        OperationsRoute(path: path, method: "GET", readsBody: false, respond: respond)
    }

    /// A route that is sent something: `identity` or `gzip`, everything else is answered with 415 before it is asked.
    package static func post(
        _ path: String, respond: @escaping @Sendable (OperationsRequest) async -> OperationsResponse
    ) -> OperationsRoute {
        OperationsRoute(path: path, method: "POST", readsBody: true, respond: respond)
    }

    /// The value of the Allow header.
    var allow: String { method == "GET" ? "GET, HEAD" : method }

    func takes(_ method: String) -> Bool {
        method == self.method || (method == "HEAD" && self.method == "GET")
    }
}
