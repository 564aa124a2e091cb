/// How far a diagnosis may go.
package struct DiagnosisOptions: Sendable, Hashable {
    /// For one sender or event; nil for any time.
    package var time: Duration?
    /// Payload bytes that are searched for an event.
    package var bytes: Int64
    /// Whether the search for an event goes on after the first place.
    package var findsAll: Bool

    /// Senders that are told of at most.
    package static let maximumSenders = 20

    /// Makes options.
    package init(time: Duration? = nil, bytes: Int64 = .max, findsAll: Bool = false) {
        self.time = time
        self.bytes = bytes
        self.findsAll = findsAll
    }

    /// For a page that somebody waits for.
    package static let bounded = DiagnosisOptions(time: .seconds(3), bytes: 1 << 30)
    /// For the command line.
    package static let thorough = DiagnosisOptions()
}
