/// The HTTP endpoints that every process has; knows no sockets, so that any HTTP server can serve them.
///
/// `GET /livez` (the process answers), `GET /readyz` (200, or 503 with the failing checks), `GET /metrics` (Prometheus text),
/// `GET /-/version`. HEAD works like GET without the body. Everything else is 404 or 405 with a JSON body.
package struct OperationsEndpoints: Sendable {
    private let registry: PrometheusRegistry
    private let readiness: @Sendable () async -> [ReadinessProblem]
    private let additional: (@Sendable (OperationsRequest) async -> OperationsResponse?)?

    /// - Parameters:
    ///   - readiness: the checks that fail now; empty when the process can do its work.
    ///   - additional: further endpoints of the process, asked first; nil for paths that it does not know.
    package init(
        registry: PrometheusRegistry,
        readiness: @escaping @Sendable () async -> [ReadinessProblem],
        additional: (@Sendable (OperationsRequest) async -> OperationsResponse?)? = nil
    ) {
        self.registry = registry
        self.readiness = readiness
        self.additional = additional
    }

    /// The answer to a request.
    package func respond(to request: OperationsRequest) async -> OperationsResponse {
        if let response = await additional?(request) { return response }
        let known: Set<String> = ["/livez", "/readyz", "/metrics", "/-/version"]
        guard known.contains(request.path) else {
            return .error(status: 404, code: "not_found", message: "no such endpoint: \(request.path)")
        }
        guard request.method == "GET" || request.method == "HEAD" else {
            return .error(status: 405, code: "method_not_allowed", message: "use GET")
        }
        switch request.path {
        case "/readyz":
            return await readinessResponse()
        case "/metrics":
            return OperationsResponse(
                status: 200, contentType: PrometheusText.contentType, body: registry.exposition())
        case "/-/version":
            return OperationsResponse(
                status: 200, contentType: OperationsResponse.plain, body: GatewayVersion.current)
        default:
            return OperationsResponse(status: 200, contentType: OperationsResponse.plain, body: "ok")
        }
    }

    private func readinessResponse() async -> OperationsResponse {
        let problems = await readiness()
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
            status: problems.isEmpty ? 200 : 503, contentType: OperationsResponse.json,
            body: String(decoding: body, as: UTF8.self))
    }
}
