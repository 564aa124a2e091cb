internal import Secrets

/// The sessions of a process, by the digest of what is in their cookies. They end with the process.
struct SessionTable: Sendable {
    private let limits: ConsoleLimits
    private var sessions: [SecretDigest: Session] = [:]

    init(limits: ConsoleLimits) {
        self.limits = limits
    }

    /// Sessions that have not ended.
    var count: Int { sessions.count }

    /// The session of a cookie; nil when there is none or it is over.
    mutating func session(_ key: SecretDigest, now: Int64) -> Session? {
        guard var session = sessions[key] else { return nil }
        guard isOpen(session, now) else {
            sessions[key] = nil
            return nil
        }
        session.seenAt = now
        if let actor = session.actor, now - actor.since > Self.nanoseconds(limits.actingTime) { session.actor = nil }
        sessions[key] = session
        return session
    }

    /// Begins a session.
    mutating func open(_ key: SecretDigest, proof: String, actor: Session.Actor? = nil, now: Int64) -> Session {
        sessions = sessions.filter { isOpen($0.value, now) }
        while sessions.count >= limits.sessions, let oldest = sessions.min(by: { $0.value.seenAt < $1.value.seenAt }) {
            sessions[oldest.key] = nil
        }
        let session = Session(proof: proof, openedAt: now, seenAt: now, actor: actor)
        sessions[key] = session
        return session
    }

    /// Takes the right to act away.
    mutating func dropActor(_ key: SecretDigest) { sessions[key]?.actor = nil }

    /// Ends a session.
    mutating func close(_ key: SecretDigest) { sessions[key] = nil }

    private func isOpen(_ session: Session, _ now: Int64) -> Bool {
        now - session.seenAt <= Self.nanoseconds(limits.idleTime)
            && now - session.openedAt <= Self.nanoseconds(limits.sessionTime)
    }

    private static func nanoseconds(_ duration: Duration) -> Int64 { Int64(duration / .nanoseconds(1)) }
}
