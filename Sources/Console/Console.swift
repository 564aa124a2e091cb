internal import Contract
package import Forwarder
internal import Logging
internal import Runtime
internal import Secrets
package import Store

/// The page with which people see and steer a running forwarder, and what it asks.
package struct Console: Sendable {
    private static let ranges: [String: Int64] = ["15m": 900, "1h": 3600, "24h": 86_400]
    /// Points of a chart's line.
    private static let points = 180
    private static let latestBatches = 8
    private static let latestEvents = 1
    private static let latestBytes: Int64 = 64 << 10

    private let parts: ForwarderParts
    private let limits: ConsoleLimits
    private let gate: ConsoleGate
    private let history: HistoryWatch
    private let readings: SpoolReadings
    private let clients: ClientCounts
    private let acts: ConsoleActs

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

    // MARK: - What is read

    private var data: [OperationsRoute] {
        [
            .get(ConsolePaths.data + "session") { request in session(try? gate.reader(request).session) },
            read("overview") { request in await overview(request) },
            read("latest") { _ throws(ConsoleRefusal) in
                try await readings.answer("latest") { (inspector) throws(StoreError) in
                    LatestAnswer.json(
                        try inspector.latestBatches(
                            limit: Self.latestBatches, events: Self.latestEvents, maximumBytes: Self.latestBytes))
                }
            },
            read("clients") { request throws(ConsoleRefusal) in try await clientPage(request) },
            read("letters") { request throws(ConsoleRefusal) in try await letters(request, .refused) },
            read("quarantine") { request throws(ConsoleRefusal) in try await letters(request, .quarantine) },
            read("letter") { request throws(ConsoleRefusal) in try await letter(request) },
            read("acts") { _ throws(ConsoleRefusal) in
                try await readings.answer("acts") { [limits] (inspector) throws(StoreError) in
                    ActsAnswer.json(try inspector.operatorActs(limit: limits.acts), limit: limits.acts)
                }
            },
        ]
    }

    /// A route for whoever may look.
    private func read(
        _ name: String, _ answer: @escaping @Sendable (OperationsRequest) async throws(ConsoleRefusal) -> [UInt8]
    ) -> OperationsRoute {
        .get(ConsolePaths.data + name) { request in
            await answered { () throws(ConsoleRefusal) in
                _ = try gate.reader(request)
                return (try await answer(request), [:])
            }
        }
    }

    private func session(_ session: Session?) -> OperationsResponse {
        OperationsResponse(
            status: 200, contentType: OperationsResponse.json, body: sessionJSON(session).line,
            headers: ConsoleHeaders.data)
    }

    private func sessionJSON(_ session: Session?) -> JSONValue {
        .members([
            ("on", .bool(gate.isOn)), ("signed_in", .bool(session != nil)),
            ("proof", .optional(session?.proof)), ("actor", .optional(session?.actor?.name)),
            ("acting_allowed", .bool(session != nil && gate.allowsActing)),
            ("version", .optional(session == nil ? nil : GatewayVersion.current)),
            ("spool", .optional(session == nil ? nil : parts.layout.root)),
        ])
    }

    private func overview(_ request: OperationsRequest) async -> [UInt8] {
        let now = WallClock.now()
        let range = request.query["range"].flatMap { Self.ranges[$0] } ?? 900
        history.look()
        return OverviewAnswer(
            figures: parts.latest.current, live: await parts.commands.status(), pauses: try? await readings.pauses(),
            samples: history.samples(of: range, points: Self.points, now: now), range: range, now: now
        ).json.line
    }

    private func clientPage(_ request: OperationsRequest) async throws(ConsoleRefusal) -> [UInt8] {
        let count: ClientCounts.Count
        do throws(StoreError) {
            count = try await clients.count()
        } catch {
            throw ConsoleRefusal(status: 500, code: "store_failed", detail: error.message)
        }
        return ClientsAnswer(
            count: count, search: request.query["search"],
            offset: request.query["offset"].flatMap { Int($0) } ?? 0, limit: limits.rows
        ).json.line
    }

    private func letters(
        _ request: OperationsRequest, _ kind: DeadLetter.Kind
    ) async throws(ConsoleRefusal) -> [UInt8] {
        let isQuarantine = kind == .quarantine
        // What was quarantined and then sent again is a letter of a destination.
        let wasQuarantined = request.query["kind"] == DeadLetter.Kind.quarantine.name
        let filter = try LetterQuery.filter(request.query, kind: wasQuarantined ? .quarantine : kind)
        let before = try LetterQuery.letter(request.query, "before")
        let key = "letters \(isQuarantine) \(before?.description ?? "") \(filter.text)"
        return try await readings.answer(key) { [limits] (inspector) throws(StoreError) in
            LetterAnswer.page(
                isQuarantine
                    ? try inspector.quarantinePage(filter, before: before, limit: limits.rows)
                    : try inspector.letterPage(filter, before: before, limit: limits.rows))
        }
    }

    private func letter(_ request: OperationsRequest) async throws(ConsoleRefusal) -> [UInt8] {
        guard let id = try LetterQuery.letter(request.query, "id") else { throw .invalid("“id” is missing") }
        return try await readings.answer("letter \(id)") { [limits] (inspector) throws(StoreError) in
            guard let letter = try inspector.deadLetter(id) else { return .members([("found", .bool(false))]) }
            return .members([
                ("found", .bool(true)),
                ("letter", LetterAnswer.details(letter, eventBytes: limits.eventBytes)),
            ])
        }
    }

    // MARK: - What changes something

    private var changes: [OperationsRoute] {
        [
            change("sign-in") { request, body throws(ConsoleRefusal) in
                let (session, cookie) = try gate.signIn(request, secret: try Self.text(body, "secret"))
                return (sessionJSON(session).line, ["Set-Cookie": cookie])
            },
            change("sign-out") { request, _ throws(ConsoleRefusal) in
                (sessionJSON(nil).line, ["Set-Cookie": try gate.signOut(request)])
            },
            change("allow") { request, body throws(ConsoleRefusal) in
                let (session, cookie) = try gate.allow(
                    request, name: try Self.text(body, "name"), token: try Self.text(body, "token"))
                return (sessionJSON(session).line, ["Set-Cookie": cookie])
            },
            change("lock") { request, _ throws(ConsoleRefusal) in
                try gate.lock(request)
                return (sessionJSON(try gate.reader(request).session).line, [:])
            },
            change("act") { request, body throws(ConsoleRefusal) in
                let name = try gate.actor(request)
                return (try await acts.perform(body, name: name).line, [:])
            },
        ]
    }

    private func change(
        _ name: String,
        _ answer:
            @escaping @Sendable (OperationsRequest, JSONValue) async throws(ConsoleRefusal) -> (
                [UInt8], [String: String]
            )
    ) -> OperationsRoute {
        .post(ConsolePaths.data + name) { request in
            await answered { () throws(ConsoleRefusal) in
                let types = request.headers["content-type"]
                guard types.count == 1, types[0].hasPrefix(OperationsResponse.json) else {
                    throw .invalid("send \(OperationsResponse.json)")
                }
                return try await answer(request, try await body(of: request))
            }
        }
    }

    private func body(of request: OperationsRequest) async throws(ConsoleRefusal) -> JSONValue {
        let bytes: [UInt8]
        do throws(OperationsBodyError) {
            bytes = try await request.body.collect(upTo: limits.bodyBytes)
        } catch {
            throw ConsoleRefusal(status: error.status, code: error.code, detail: error.detail)
        }
        do throws(JSONValue.Problem) {
            return try JSONValue.read(bytes)
        } catch {
            throw .invalid("the body is no JSON, from byte \(error.offset) on")
        }
    }

    private static func text(_ body: JSONValue, _ name: String) throws(ConsoleRefusal) -> String {
        guard let text = body[name]?.text else { throw .invalid("“\(name)” is a text and must be there") }
        return text
    }

    private func answered(
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
