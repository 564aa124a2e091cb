internal import Contract
internal import Diagnosis
internal import Forwarder
internal import Runtime
internal import Store

/// What is read.
extension Console {
    private static let ranges: [String: Int64] = ["15m": 900, "1h": 3600, "24h": 86_400]
    /// Points of a chart's line.
    private static let points = 180
    private static let latestBatches = 8
    private static let latestEvents = 1
    private static let latestBytes: Int64 = 64 << 10

    /// Routes for whoever may look.
    var data: [OperationsRoute] {
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
            read("diagnose") { request throws(ConsoleRefusal) in try await diagnose(request) },
            // The same for scripts and probes, beside the other diagnostics.
            read(path: "/-/diagnose") { request throws(ConsoleRefusal) in try await diagnose(request) },
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
        read(path: ConsolePaths.data + name, answer)
    }

    private func read(
        path: String, _ answer: @escaping @Sendable (OperationsRequest) async throws(ConsoleRefusal) -> [UInt8]
    ) -> OperationsRoute {
        .get(path) { request in
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
        let search = request.query["search"]
        let offset = max(0, request.query["offset"].flatMap { Int($0) } ?? 0)
        let wanted = SenderSearch(text: search, limit: limits.rows, offset: offset)
        return ClientsAnswer(
            count: count,
            destinations: parts.latest.current?.destinations.filter(\.stored.isActive).map(\.name) ?? [],
            senders: try await readings.senders(wanted), search: search, offset: offset, limit: limits.rows
        ).json.line
    }

    private func diagnose(_ request: OperationsRequest) async throws(ConsoleRefusal) -> [UInt8] {
        let parameters = DiagnosisQuery.parameterNames.compactMap { name in
            request.query[name].map { (name: name, value: $0) }
        }
        guard let query = DiagnosisQuery(parameters: parameters) else {
            throw .invalid("give one of client, url, license-digest (six digits at least) and event")
        }
        do throws(StoreError) {
            return try await diagnosis.report(query).json.line
        } catch {
            throw ConsoleRefusal(status: 500, code: "store_failed", detail: error.message)
        }
    }

    private func letters(
        _ request: OperationsRequest, _ kind: DeadLetter.Kind
    ) async throws(ConsoleRefusal) -> [UInt8] {
        let isQuarantine = kind == .quarantine
        // What was quarantined and then sent again is a letter of a destination.
        let wasQuarantined = request.query["kind"] == DeadLetter.Kind.quarantine.name
        let filter = try LetterQuery.filter(request.query, kind: wasQuarantined ? .quarantine : kind)
        let before = try LetterQuery.letter(request.query, "before")
        // Quoted: no text in it can make it another one.
        let key = "letters \(isQuarantine) \(before?.description ?? "") \(String(reflecting: filter))"
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

    /// What the page has to know of its session.
    func sessionJSON(_ session: Session?) -> JSONValue {
        .members([
            ("on", .bool(gate.isOn)), ("signed_in", .bool(session != nil)),
            ("proof", .optional(session?.proof)), ("actor", .optional(session?.actor?.name)),
            ("acting_allowed", .bool(session != nil && gate.allowsActing)),
            ("version", .optional(session == nil ? nil : GatewayVersion.current)),
            ("spool", .optional(session == nil ? nil : parts.layout.root)),
        ])
    }
}
