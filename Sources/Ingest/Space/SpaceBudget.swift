internal import Runtime
internal import Store

/// Decides whether a batch is taken or refused for want of space. A value without clock and disk: it is told what was
/// measured and what was written since.
///
/// The measured bytes are some time old, so what has been written since is added, and so is what is under way. Between two
/// measurements that errs on the safe side only: what was written while a measurement was made counts twice.
struct SpaceBudget: Sendable {
    /// The named limits.
    struct Limits: Sendable, Hashable {
        /// Quota and reserve.
        var spool: SpoolSpaceLimits
        /// Bytes on disk that undelivered batches of one client may take.
        var clientBytes: Int64
        /// How many pairs of segment and client are remembered. Beyond, the smaller half is forgotten: a client near its
        /// share is never among them.
        var accounts = 65_536
        /// What a batch takes besides its payload, roughly (bytes).
        var batchBytes: Int64 = 256
        /// The delay that a client is asked to keep at first, in seconds.
        var retrySeconds: Int64 = 5
        /// The delay when refusing has lasted for long, in seconds.
        var longestRetrySeconds: Int64 = 60
        /// While batches are refused, the open segment is sealed this often (nanoseconds): only then it can go.
        var sealInterval: Int64 = 5_000_000_000

        init(spool: SpoolSpaceLimits, clientBytes: Int64) {
            self.spool = spool
            self.clientBytes = clientBytes
        }
    }

    /// What is to be done after a measurement.
    struct Consequences: Sendable, Hashable {
        /// Whether the open segment is to be sealed.
        var sealsSegment = false
        /// Whether refusing every batch has begun (true) or ended (false) since it was last told; nil for neither.
        var refusingChanged: Bool?
    }

    /// The limits in force.
    private(set) var limits: Limits
    /// What was last measured.
    private(set) var measured: SpaceMeasurement?
    /// Since when every batch is refused, in monotonic nanoseconds; nil when none is.
    private(set) var refusingSince: Int64?
    /// Whether a batch was refused since the last measurement.
    private var hasRefused = false
    private var sealedAt: Int64?
    private var toldRefusing = false

    private var measuredUsed: Int64 = 0
    /// Written since the last measurement was begun, and since one that is under way was.
    private var written: Int64 = 0
    private var writtenDuringMeasurement: Int64?
    private var newestAtMeasurement: UInt64 = 0
    private var inFlight: Int64 = 0
    private var inFlightByClient: [String: Int64] = [:]
    /// Bytes on disk by segment and client, of segments that some destination still needs.
    private var accounts: [UInt64: [String: Int64]] = [:]
    private var accountCount = 0
    private var undelivered: [String: Int64] = [:]

    init(limits: Limits) {
        self.limits = limits
    }

    /// Other limits from now on. What is refused already is judged anew by the next batch or measurement.
    mutating func adopt(_ limits: Limits) { self.limits = limits }

    /// Bytes that the segments take, with what is under way.
    var usedBytes: Int64 { measuredUsed + written + inFlight }

    /// Bytes that are left on the file system, without what is under way; nil before the first measurement and where the
    /// file system does not tell.
    var freeBytes: Int64? {
        guard let measured, measured.fileSystem.freeBytes < .max else { return nil }
        return measured.fileSystem.freeBytes - written - inFlight
    }

    /// Undelivered bytes of a client, with what is under way.
    func bytes(of client: String) -> Int64 { undelivered[client, default: 0] + inFlightByClient[client, default: 0] }

    /// How many pairs of segment and client are remembered.
    var rememberedAccounts: Int { accountCount }

    // MARK: - Decisions

    /// Takes or refuses a batch. One that is taken must be given to `settled` later.
    /// - Parameters:
    ///   - payloadBytes: as it was received.
    ///   - now: monotonic nanoseconds.
    mutating func admit(client: String, payloadBytes: Int, now: Int64) -> SpaceRefusal? {
        let bytes = cost(payloadBytes)
        let own = self.bytes(of: client)
        // A batch larger than the share is let through alone: it could never be sent otherwise.
        if own > 0, own + bytes > limits.clientBytes {
            hasRefused = true
            return SpaceRefusal(limit: .clientShare, retryAfterSeconds: Int(limits.retrySeconds))
        }
        if let limit = reachedLimit(adding: bytes) {
            hasRefused = true
            return SpaceRefusal(limit: limit, retryAfterSeconds: refuse(now: now))
        }
        refusingSince = nil
        inFlight += bytes
        inFlightByClient[client, default: 0] += bytes
        return nil
    }

    /// The limit that a batch would pass; while refusing, also one that has not got its headroom back.
    private func reachedLimit(adding bytes: Int64) -> SpaceRefusal.Limit? {
        let headroom = max(bytes, refusingSince == nil ? 0 : limits.spool.headroomBytes)
        if limits.spool.quotaBytes - usedBytes < headroom { return .quota }
        if let freeBytes, freeBytes - limits.spool.reserveBytes < headroom { return .reserve }
        return nil
    }

    private mutating func refuse(now: Int64) -> Int {
        let since = refusingSince ?? now
        refusingSince = since
        // Whoever has been refused for long is refused again soon: ask less often.
        let seconds = max(0, now - since) / 1_000_000_000 / 4
        return Int(min(max(seconds, limits.retrySeconds), limits.longestRetrySeconds))
    }

    private func cost(_ payloadBytes: Int) -> Int64 { Int64(max(0, payloadBytes)) + limits.batchBytes }

    // MARK: - What has been written

    /// Batches are durable or refused; they are no longer under way.
    mutating func settled(_ group: SettledGroup) {
        for part in group.parts {
            let reserved = inFlightByClient[part.client, default: 0]
            // Never more than was reserved: what is under way can not fall below nothing.
            let given = min(reserved, cost(part.payloadBytes))
            inFlight -= given
            inFlightByClient[part.client] = given < reserved ? reserved - given : nil
        }
        let disk = Int64(max(0, group.diskBytes))
        guard let segment = group.segment, disk > 0 else { return }
        written += disk
        if let during = writtenDuringMeasurement { writtenDuringMeasurement = during + disk }
        charge(
            disk, to: segment, by: group.parts.lazy.map { ($0.client, Int64(max(0, $0.payloadBytes))) })
    }

    /// A segment of an earlier process was looked into.
    /// - Parameters:
    ///   - payloadBytes: by client.
    mutating func counted(segment: UInt64, payloadBytes: [String: Int64]) {
        guard let stored = measured?.segments.first(where: { $0.number == segment }), !stored.isRetained,
            accounts[segment] == nil
        else { return }
        charge(stored.bytes, to: segment, by: payloadBytes.lazy.map { ($0.key, $0.value) })
    }

    /// What a segment's files take is shared out by payload: small batches take far more than their bytes.
    private mutating func charge(
        _ disk: Int64, to segment: UInt64, by shares: some Collection<(client: String, payloadBytes: Int64)>
    ) {
        // Each of them takes something, even one without payload.
        let total = shares.reduce(0.0) { $0 + Double($1.payloadBytes) + Double(limits.batchBytes) }
        guard total > 0 else { return }
        for (client, payloadBytes) in shares {
            let part = Int64(Double(disk) * ((Double(payloadBytes) + Double(limits.batchBytes)) / total))
            if accounts[segment]?[client] == nil { accountCount += 1 }
            accounts[segment, default: [:]][client, default: 0] += part
            undelivered[client, default: 0] += part
        }
        if accountCount > limits.accounts { forgetSmallAccounts() }
    }

    // MARK: - Measurements

    /// A measurement is about to be made.
    mutating func measurementBegins() {
        writtenDuringMeasurement = 0
        newestAtMeasurement = accounts.keys.max() ?? 0
    }

    /// A measurement was made.
    /// - Parameter now: monotonic nanoseconds.
    mutating func measurementEnded(_ measurement: SpaceMeasurement, now: Int64) -> Consequences {
        measured = measurement
        measuredUsed = measurement.usedBytes
        written = writtenDuringMeasurement ?? 0
        writtenDuringMeasurement = nil
        let waiting = Set(measurement.segments.lazy.filter { !$0.isRetained }.map(\.number))
        // A segment that began after the measurement is not in it, and there all the same.
        for segment in accounts.keys where segment <= newestAtMeasurement && !waiting.contains(segment) {
            forget(segment)
        }
        if reachedLimit(adding: 0) == nil {
            refusingSince = nil
        } else if refusingSince == nil {
            refusingSince = now
        }
        return consequences(now: now)
    }

    private mutating func consequences(now: Int64) -> Consequences {
        var consequences = Consequences()
        if hasRefused || refusingSince != nil, now - (sealedAt ?? now - limits.sealInterval) >= limits.sealInterval {
            consequences.sealsSegment = true
            sealedAt = now
        }
        hasRefused = false
        if toldRefusing != (refusingSince != nil) {
            toldRefusing.toggle()
            consequences.refusingChanged = toldRefusing
        }
        return consequences
    }

    private mutating func forget(_ segment: UInt64) {
        for (client, bytes) in accounts.removeValue(forKey: segment) ?? [:] {
            accountCount -= 1
            subtract(bytes, from: client)
        }
    }

    private mutating func forgetSmallAccounts() {
        var sizes: [Int64] = []
        sizes.reserveCapacity(accountCount)
        for clients in accounts.values { sizes += clients.values }
        sizes.sort()
        let median = sizes[sizes.count / 2]
        for (segment, clients) in accounts {
            for (client, bytes) in clients where bytes <= median {
                accounts[segment]?[client] = nil
                accountCount -= 1
                subtract(bytes, from: client)
            }
        }
    }

    private mutating func subtract(_ bytes: Int64, from client: String) {
        let left = undelivered[client, default: 0] - bytes
        undelivered[client] = left > 0 ? left : nil
    }
}
