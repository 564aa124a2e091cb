internal import Diagnosis
package import Forwarder
internal import Logging
internal import Runtime
package import Store

/// The page with which people see and steer a running forwarder, and what it asks.
package struct Console: Sendable {
    let parts: ForwarderParts
    let limits: ConsoleLimits
    let gate: ConsoleGate
    let history: HistoryWatch
    let readings: SpoolReadings
    let clients: ClientCounts
    let diagnosis: DiagnosisService
    let acts: ConsoleActs

    /// - Parameter monotonic: nanoseconds of a clock that does not go back; sessions and attempts go by it.
    /// - Throws: `io` when there are no threads to be had.
    package init(
        parts: ForwarderParts, access: OperatorAccess, limits: ConsoleLimits = ConsoleLimits(),
        monotonic: @escaping @Sendable () -> Int64 = { WallClock.monotonic() }
    ) throws(StoreError) {
        self.parts = parts
        self.limits = limits
        gate = ConsoleGate(access: access, limits: limits, logger: parts.logger, monotonic: monotonic)
        history = HistoryWatch(latest: parts.latest)
        readings = try SpoolReadings(layout: parts.layout, limits: limits, thread: "console")
        clients = try ClientCounts(layout: parts.layout, limits: limits)
        diagnosis = try DiagnosisService(layout: parts.layout)
        acts = ConsoleActs(forwarder: parts.commands, logger: parts.logger)
    }

    /// What it adds to the forwarder.
    package var additions: ForwarderParts.Additions {
        ForwarderParts.Additions(routes: pages + data + changes, services: [history])
    }

    // MARK: - The page

    private var pages: [OperationsRoute] {
        PageFile.all.map(\.route)
            + ["/", "/console"].map { path in
                .get(path) { _ in
                    OperationsResponse(
                        status: 307, contentType: OperationsResponse.plain, body: ConsolePaths.page,
                        headers: ["Location": ConsolePaths.page])
                }
            }
    }

    /// What a route answers: what was asked for with headers, or why not.
    func answered(
        _ answer: () async throws(ConsoleRefusal) -> ([UInt8], [String: String])
    ) async -> OperationsResponse {
        var response: OperationsResponse
        do throws(ConsoleRefusal) {
            let (bytes, headers) = try await answer()
            response = OperationsResponse(
                status: 200, contentType: OperationsResponse.json, body: bytes, headers: headers)
        } catch {
            response = error.response
        }
        response.headers.merge(ConsoleHeaders.data) { $1 }
        return response
    }
}
