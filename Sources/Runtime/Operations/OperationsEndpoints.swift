/// The HTTP endpoints of a process; knows no sockets, so that any HTTP server can serve them.
///
/// Every process has `GET /livez` (the process answers), `GET /readyz` (200, or 503 with the failing checks),
/// `GET /metrics` (Prometheus text) and `GET /-/version`; further ones are given as routes. HEAD works like GET without
/// the body. Everything else is 404, 405 or 415 with a problem as in RFC 9457.
package struct OperationsEndpoints: Sendable {
    private let routes: [String: OperationsRoute]

    /// - Parameters:
    ///   - readiness: the checks that fail now; empty when the process can do its work.
    ///   - routes: further endpoints of the process; one of the paths above replaces what is said there.
    package init(
        registry: PrometheusRegistry,
        readiness: @escaping @Sendable () async -> [ReadinessProblem],
        routes: [OperationsRoute] = []
    ) {
        let standard: [OperationsRoute] = [
            .get("/livez") { _ in
                OperationsResponse(status: 200, contentType: OperationsResponse.plain, body: "ok")
            },
            .get("/readyz") { _ in Self.readinessResponse(await readiness()) },
            .get("/metrics") { _ in
                OperationsResponse(
                    status: 200, contentType: PrometheusText.contentType, body: registry.exposition())
            },
            .get("/-/version") { _ in
                OperationsResponse(
                    status: 200, contentType: OperationsResponse.plain, body: GatewayVersion.current)
            },
        ]
        self.routes = Dictionary((standard + routes).map { ($0.path, $0) }) { _, last in last }
    }

    /// Whether any route reads request bodies.
    package var readsBodies: Bool { routes.values.contains { $0.readsBody } }

    /// The answer to a request.
    package func respond(to request: OperationsRequest) async -> OperationsResponse {
        guard let route = routes[request.path] else {
            return .problem(status: 404, code: "not_found", detail: "no such endpoint: \(request.path)")
        }
        guard route.takes(request.method) else {
            return .problem(
                status: 405, code: "method_not_allowed", detail: "use \(route.method)",
                headers: ["Allow": route.allow])
        }
        let encodings = request.contentEncodings
        guard !route.readsBody || encodings.isEmpty || encodings == ["gzip"] else {
            return .problem(
                status: 415, code: "content_encoding_unsupported",
                detail: "the body's Content-Encoding is not one of gzip and identity; send it as one of these",
                headers: ["Accept-Encoding": "gzip, identity"])
        }
        return await route.respond(request)
    }

    private static func readinessResponse(_ problems: [ReadinessProblem]) -> OperationsResponse {
        var body: [UInt8] = Array("{\"ready\":\(problems.isEmpty),\"problems\":[".utf8)
        for (index, problem) in problems.enumerated() {
            body += Array((index == 0 ? "{\"check\":" : ",{\"check\":").utf8)
            JSONText.appendQuoted(problem.check, to: &body)
            body += Array(",\"message\":".utf8)
            JSONText.appendQuoted(problem.message, to: &body)
            body.append(UInt8(ascii: "}"))
        }
        body += Array("]}\n".utf8)
        return OperationsResponse(
            status: problems.isEmpty ? 200 : 503, contentType: OperationsResponse.json, body: body)
    }
}
