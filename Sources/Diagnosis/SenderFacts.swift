package import Store

/// All that is known of one sender, gathered at one time. What follows from it is decided elsewhere.
package struct SenderFacts: Sendable, Hashable {
    /// What became of the directory of senders.
    package enum Directory: Sendable, Hashable {
        case read
        /// No ingest that keeps one has run on the spool.
        case absent
        /// Why it can not be read.
        case unreadable(String)
    }

    /// When, in nanoseconds since 1970.
    package var now: Int64
    /// What was asked.
    package var query: DiagnosisQuery
    package var directory = Directory.read
    /// Nil when the directory does not know it.
    package var sender: SenderRecord?
    /// What spool and ledger know of its events.
    package var figures = ClientFigures()
    /// Whether an ingest and a forwarder run on the spool now.
    package var ingestIsRunning = true
    package var forwarderIsRunning = true

    /// Makes facts of somebody nobody has heard of.
    package init(now: Int64, query: DiagnosisQuery) {
        self.now = now
        self.query = query
    }

    /// Whether anything is known of the sender.
    var isKnown: Bool { sender != nil || !figures.isEmpty }
}
