extension OperationsRoute {
    /// `GET /-/healthz`: 200 `healthz: ok`, or 500 with the problem; for those whom the guard lets through.
    ///
    /// - Parameters:
    ///   - diagnostics: asked for with each request, because the secret may change.
    ///   - check: what is wrong with the process now; nil when nothing is.
    package static func health(
        guard diagnostics: @autoclosure @escaping @Sendable () -> DiagnosticsGuard,
        check: @escaping @Sendable () async -> String?
    ) -> OperationsRoute {
        .get("/-/healthz") { request in
            if let refusal = diagnostics().refusal(of: request) { return refusal }
            let problem = await check()
            return OperationsResponse(
                status: problem == nil ? 200 : 500, contentType: OperationsResponse.plain,
                body: "healthz: \(problem ?? "ok")")
        }
    }
}
