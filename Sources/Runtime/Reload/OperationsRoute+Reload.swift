extension OperationsRoute {
    /// Where a process is told to reload, on its private socket: GET tells what came of the last reload (`{"last":…}`),
    /// POST reloads and answers with the report. Its body is `{"dry_run":true,"file":"…"}`, both may be left out.
    package static let reloadPath = "/v1/reload"
    /// Where it tells what came of the last one.
    package static let lastReloadPath = "/v1/reload/last"
    /// Longest body, in bytes.
    private static let maximumReloadBytes = 64 << 10

    /// The routes for reloading. Never to be served to others than the process's own user.
    package static func reload(_ reloader: any ConfigurationReloading) -> [OperationsRoute] {
        [
            .get(lastReloadPath) { _ in
                json(#"{"last":\#(await reloader.last?.json ?? "null")}"#)
            },
            .post(reloadPath) { request in
                let body: [UInt8]
                do throws(OperationsBodyError) {
                    body = try await request.body.collect(upTo: maximumReloadBytes)
                } catch {
                    return .problem(error)
                }
                guard let wishes = FlatJSON.values(body.isEmpty ? Array("{}".utf8) : body) else {
                    return .problem(status: 400, code: "invalid", detail: "the body is no JSON object")
                }
                let isDryRun = wishes["dry_run"] == "true"
                guard isDryRun || wishes["file"] == nil else {
                    return .problem(
                        status: 400, code: "invalid",
                        detail: "another file can be looked at with dry_run only; change the process's own file")
                }
                return json(await reloader.reload(isDryRun: isDryRun, file: wishes["file"]).json)
            },
        ]
    }

    private static func json(_ text: String) -> OperationsResponse {
        OperationsResponse(status: 200, contentType: OperationsResponse.json, body: text + "\n")
    }
}
