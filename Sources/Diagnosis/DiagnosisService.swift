package import Store

/// Answers queries on a thread of its own, one after the other: for a server that must not wait for files.
package actor DiagnosisService {
    private let gatherer: FactsGatherer
    private let executor: ThreadExecutor

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Answers from a spool.
    /// - Throws: `io` when there is no thread to be had.
    package init(layout: SpoolLayout) throws(StoreError) {
        gatherer = FactsGatherer(layout: layout)
        executor = try ThreadExecutor(name: "diagnosis")
    }

    /// Answers a query.
    /// - Throws: `missingParent` when there is no spool there, `newerVersion`, `io`.
    package func report(
        _ query: DiagnosisQuery, options: DiagnosisOptions = .bounded
    ) throws(StoreError) -> DiagnosisReport {
        try gatherer.report(query, options: options)
    }
}
