/// One lane's place in the spool and what it has seen ahead of it.
struct Lane: Sendable {
    /// Everything up to here has been seen; nil until it is known where the spool ends.
    var seen: BatchAddress?
    /// Seen, and not taken yet.
    var queue = FairQueue()
    var isListing = false
    /// Whether the last look found nothing more.
    var isAtEnd = false
    /// When it is worth looking again, in monotonic nanoseconds.
    var nextLookAt = Int64.min
    /// Bytes taken beside the other lane, older ones counting less: for the share between them.
    var takenBytes: Int64 = 0
}
