/// What has happened to one sender since the directory was last told. Sums; no event costs anything of its own.
package struct SenderChange: Sendable, Hashable {
    /// Which sender.
    package let key: SenderKey
    /// Its kind.
    package let kind: SenderKind
    /// What it said of itself; empty for nothing.
    package var externalURL: String
    package var environment: String
    package var version = ""
    package var licence: SenderLicence?
    /// The first and the last sign of it, in nanoseconds since 1970.
    package var firstAt: Int64
    package var lastAt: Int64
    /// When its last call was admitted, in nanoseconds since 1970; nil for none.
    package var lastStreamAt: Int64?
    /// When its last batch was durable, in nanoseconds since 1970; nil for none.
    package var lastEventsAt: Int64?
    /// How its last admitted call came in.
    package var lastOrigin: StreamRecord.Origin?
    /// Calls that were admitted.
    package var streams: Int64 = 0
    /// Messages with events that are durable.
    package var batches: Int64 = 0
    /// Events that were accepted, those that were recorded before included.
    package var accepted: Int64 = 0
    /// Events that went to quarantine, and why.
    package var quarantined: Int64 = 0
    package var quarantinedByReason: [String: Int64] = [:]
    /// Accepted events that were recorded before.
    package var duplicates: Int64 = 0
    /// Calls that were refused, and why.
    package var refusals: Int64 = 0
    package var refusalsByReason: [String: Int64] = [:]
    package var lastRefusal: SenderRefusal?

    /// A sender shows up.
    /// - Parameter at: nanoseconds since 1970.
    package init(
        key: SenderKey, kind: SenderKind, at: Int64, externalURL: String = "", environment: String = "",
        licence: SenderLicence? = nil
    ) {
        self.key = key
        self.kind = kind
        self.externalURL = externalURL.cut(toBytes: SenderKey.maximumNameBytes)
        self.environment = environment.cut(toBytes: SenderKey.maximumNameBytes)
        self.licence = licence
        firstAt = at
        lastAt = at
    }

    /// Whether there is nothing to tell.
    package var isEmpty: Bool { streams == 0 && batches == 0 && refusals == 0 }

    /// Its call is admitted.
    package mutating func admit(as origin: StreamRecord.Origin, at: Int64) {
        streams += 1
        lastStreamAt = at
        lastOrigin = origin
        lastAt = at
    }

    /// A batch is durable.
    package mutating func addBatch(accepted: Int, quarantined: Int, duplicates: Int) {
        batches += 1
        self.accepted += Int64(accepted)
        self.quarantined += Int64(quarantined)
        self.duplicates += Int64(duplicates)
    }

    /// Its call is refused.
    package mutating func refuse(_ refusal: SenderRefusal) {
        refusals += 1
        refusalsByReason[refusal.reason, default: 0] += 1
        lastRefusal = refusal
        lastAt = max(lastAt, refusal.at)
    }

    /// Takes the sums out and leaves what is known of the sender.
    package mutating func take() -> SenderChange {
        let taken = self
        var rest = SenderChange(
            key: key, kind: kind, at: lastAt, externalURL: externalURL, environment: environment, licence: licence)
        rest.version = version
        self = rest
        return taken
    }

    /// Adds what happened later.
    mutating func merge(_ later: SenderChange) {
        // What a call says that was not admitted is only what somebody claims.
        if later.streams > 0 || streams == 0 {
            externalURL = later.externalURL
            environment = later.environment
            licence = later.licence ?? licence
        }
        if !later.version.isEmpty { version = later.version }
        firstAt = min(firstAt, later.firstAt)
        lastAt = max(lastAt, later.lastAt)
        lastStreamAt = later.lastStreamAt ?? lastStreamAt
        lastEventsAt = later.lastEventsAt ?? lastEventsAt
        lastOrigin = later.lastOrigin ?? lastOrigin
        streams += later.streams
        batches += later.batches
        accepted += later.accepted
        quarantined += later.quarantined
        if later.quarantined > 0 { quarantinedByReason.merge(later.quarantinedByReason, uniquingKeysWith: +) }
        duplicates += later.duplicates
        guard later.refusals > 0 else { return }
        refusals += later.refusals
        refusalsByReason.merge(later.refusalsByReason, uniquingKeysWith: +)
        lastRefusal = later.lastRefusal ?? lastRefusal
    }
}
