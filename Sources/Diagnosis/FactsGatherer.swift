internal import Contract
internal import Runtime
package import Store

/// Gathers facts from a spool directory: both processes may be running, or neither; a copy of it will do. Changes nothing.
/// Blocking: call it from a thread that may wait.
package struct FactsGatherer: Sendable {
    private let layout: SpoolLayout
    private let now: @Sendable () -> Int64

    /// - Parameter now: nanoseconds since 1970.
    package init(layout: SpoolLayout, now: @escaping @Sendable () -> Int64 = { WallClock.now() }) {
        self.layout = layout
        self.now = now
    }

    /// Answers a query.
    /// - Parameter progress: told what a search for an event has found, after each segment.
    /// - Throws: `missingParent` when there is no spool there, `newerVersion`, `io`.
    package func report(
        _ query: DiagnosisQuery, options: DiagnosisOptions = .thorough,
        progress: @escaping (EventTraceResult) -> Void = { _ in }
    ) throws(StoreError) -> DiagnosisReport {
        try SpoolInspector(layout: layout).requireSpool()
        let diagnoses: [Diagnosis]
        if case .event(let id) = query {
            diagnoses = try events(id, options, progress).map { EventDiagnosis($0).diagnosis }
        } else {
            diagnoses = try senders(query, options).map { SenderDiagnosis($0).diagnosis }
        }
        return DiagnosisReport(query: query, at: now(), diagnoses: diagnoses)
    }

    private func senders(_ query: DiagnosisQuery, _ options: DiagnosisOptions) throws(StoreError) -> [SenderFacts] {
        var search = SenderSearch(limit: DiagnosisOptions.maximumSenders)
        switch query {
        case .client(let client): search.client = client
        case .url(let url): search.externalURL = url
        case .licenceDigest(let digest): search.licenceDigest = digest
        case .event: return []
        }
        var facts = SenderFacts(now: now(), query: query)
        facts.ingestIsRunning = ProcessLock.isHeld(path: layout.ingestLockPath)
        facts.forwarderIsRunning = ProcessLock.isHeld(path: layout.forwarderLockPath)
        var found: [SenderRecord] = []
        let reader = SenderReader(layout: layout)
        if reader.exists {
            do throws(StoreError) {
                found = try reader.senders(search)
            } catch {
                // The rest of the spool still tells something.
                facts.directory = .unreadable(error.message)
            }
        } else {
            facts.directory = .absent
        }
        guard found.isEmpty else {
            var all: [SenderFacts] = []
            for sender in found {
                var own = facts
                own.sender = sender
                own.figures = try figures(sender.client, sender.source, options)
                all.append(own)
            }
            return all
        }
        if case .client(let client) = query { facts.figures = try figures(client, nil, options) }
        return [facts]
    }

    private func figures(
        _ client: String, _ source: String?, _ options: DiagnosisOptions
    ) throws(StoreError) -> ClientFigures {
        try SpoolInspector(layout: layout).client(client, source: source, bound: TraceBound(time: options.time))
    }

    private func events(
        _ id: String, _ options: DiagnosisOptions, _ progress: @escaping (EventTraceResult) -> Void
    ) throws(StoreError) -> [EventFacts] {
        let result = try SpoolInspector(layout: layout).event(
            id: Array(id.utf8), bound: TraceBound(time: options.time, bytes: options.bytes), findsAll: options.findsAll,
            eventID: { WireScanner.eventID(of: $0) }, progress: progress)
        var facts = EventFacts(now: now(), id: id)
        facts.search = result
        facts.forwarderIsRunning = ProcessLock.isHeld(path: layout.forwarderLockPath)
        guard !result.places.isEmpty else { return [facts] }
        return result.places.map { place in
            var own = facts
            own.place = place
            return own
        }
    }
}
