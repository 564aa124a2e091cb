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
    /// Dead letters that go into one group: fewer once a whole group found no room.
    private var burialLimit = Int.max

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
        var group = waiting
        waiting = RecordGroup()
        if group.burials.count > burialLimit {
            waiting.burials = Array(group.burials[burialLimit...])
            group.burials.removeSubrange(burialLimit...)
        }
        return group
    }

    /// There was no room for the dead letters of a group. With fewer of them there may be.
    /// - Returns: those for which there is none, not even for one alone; they are not recorded any more.
    mutating func foundNoRoom(for group: RecordGroup, now: Int64) -> [RecordGroup.Burial] {
        guard group.burials.count == 1 else {
            burialLimit = max(1, group.burials.count / 2)
            failed(group, retryAt: now)
            isFailing = false
            return []
        }
        var rest = group
        rest.burials = []
        failed(rest, retryAt: now)
        isFailing = false
        defer { waiting.burials = [] }
        return group.burials + waiting.burials
    }

    /// The group is durable.
    mutating func succeeded() {
        isRecording = false
        isFailing = false
        if waiting.burials.isEmpty { burialLimit = .max }
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
