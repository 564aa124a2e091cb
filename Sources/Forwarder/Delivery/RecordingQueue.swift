internal import Store

/// What is to be recorded in the ledger: one group at a time, as large as it has grown meanwhile. A value without I/O.
struct RecordingQueue {
    /// Deliveries that wait to be recorded, at which nothing more is sent while recording fails: a crash would deliver them
    /// again.
    static let maximumResolutions = 10_000
    static let maximumBytes: Int64 = 64 << 20

    var waiting = RecordGroup()
    private(set) var isRecording = false
    private var notBefore = Int64.min
    private var isFailing = false

    /// Whether more deliveries wait than should be made again after a crash.
    var isBehind: Bool {
        isFailing && (waiting.resolutions.count > Self.maximumResolutions || waiting.deliveredBytes > Self.maximumBytes)
    }

    /// Whether nothing is being recorded and nothing waits.
    var isEmpty: Bool { !isRecording && waiting.isEmpty }

    /// The next group; nil while there is none, or while one is being recorded.
    mutating func begin(now: Int64) -> RecordGroup? {
        guard !isRecording, !waiting.isEmpty, now >= notBefore else { return nil }
        isRecording = true
        defer { waiting = RecordGroup() }
        return waiting
    }

    /// The group is durable.
    mutating func succeeded() {
        isRecording = false
        isFailing = false
    }

    /// The group is not durable; nothing of it is forgotten.
    mutating func failed(_ group: RecordGroup, retryAt: Int64) {
        isRecording = false
        isFailing = true
        notBefore = retryAt
        waiting.prepend(group)
    }

    /// When recording is to be tried again; nil when nothing waits for it.
    var retryAt: Int64? { waiting.isEmpty || isRecording ? nil : notBefore }
}
