internal import Forwarder
internal import Logging
internal import Runtime
internal import Secrets
internal import Synchronization

/// Lets in who knows the diagnostics secret, and lets act who has given the admin token besides.
final class ConsoleGate: Sendable {
    /// Who asks.
    struct Visitor: Sendable {
        /// nil for a bearer token.
        let key: SecretDigest?
        let session: Session?
    }

    private struct State: Sendable {
        var sessions: SessionTable
        var limiter: AttemptLimiter
    }

    /// Must be sent with every POST: no form and no image of another site can set it.
    static let proofHeader = "x-gateway-proof"
    private static let randomBytes = 32

    private let access: OperatorAccess
    private let limits: ConsoleLimits
    private let logger: Logger
    private let monotonic: @Sendable () -> Int64
    private let state: Mutex<State>

    init(
        access: OperatorAccess, limits: ConsoleLimits, logger: Logger,
        monotonic: @escaping @Sendable () -> Int64 = { WallClock.monotonic() }
    ) {
        self.access = access
        self.limits = limits
        self.logger = logger
        self.monotonic = monotonic
        state = Mutex(
            State(sessions: SessionTable(limits: limits), limiter: AttemptLimiter(limits: limits, now: monotonic())))
    }

    /// Whether anybody may look.
    var isOn: Bool { access.diagnosticsSecret != nil }
    /// Whether anybody may act.
    var allowsActing: Bool { access.adminToken() != nil }

    // MARK: - Who asks

    /// Whoever may look.
    func reader(_ request: OperationsRequest) throws(ConsoleRefusal) -> Visitor {
        guard let secret = access.diagnosticsSecret else { throw .noSecret }
        if let header = request.headers["authorization"].first {
            guard let given = Self.bearer(header) else { throw .signIn }
            try check(given, against: secret, from: request, else: .wrongSecret)
            return Visitor(key: nil, session: nil)
        }
        guard let key = cookie(request) else { throw .signIn }
        let now = monotonic()
        guard var session = state.withLock({ $0.sessions.session(key, now: now) }) else { throw .signIn }
        // A token that was changed ends what it allowed.
        if let actor = session.actor, access.adminToken().map({ SecretDigest(of: $0) }) != actor.token {
            state.withLock { $0.sessions.dropActor(key) }
            session.actor = nil
        }
        return Visitor(key: key, session: session)
    }

    /// The session of a request that its own page has sent.
    func ownPage(_ request: OperationsRequest) throws(ConsoleRefusal) -> (key: SecretDigest, session: Session) {
        try checkOrigin(request)
        let visitor = try reader(request)
        guard let key = visitor.key, let session = visitor.session else { throw .noProof }
        let given = request.headers[Self.proofHeader]
        guard given.count == 1, SecretDigest(of: given[0]) == SecretDigest(of: session.proof) else { throw .noProof }
        return (key, session)
    }

    /// The name of whoever may act.
    func actor(_ request: OperationsRequest) throws(ConsoleRefusal) -> String {
        let (_, session) = try ownPage(request)
        guard allowsActing else { throw .actingIsOff }
        guard let actor = session.actor else { throw .mayNotAct }
        return actor.name
    }

    // MARK: - Signing in and out

    /// Begins a session.
    /// - Returns: the session, and the Set-Cookie header for it.
    func signIn(
        _ request: OperationsRequest, secret given: String
    ) throws(ConsoleRefusal) -> (session: Session, cookie: String) {
        guard let secret = access.diagnosticsSecret else { throw .noSecret }
        try checkOrigin(request)
        guard request.headers[Self.proofHeader].count == 1 else { throw .noProof }
        try check(given, against: secret, from: request, else: .wrongSecret)
        logger.info("signed in to the console", metadata: ["peer": "\(request.peer ?? "")"])
        return open(request, actor: nil)
    }

    /// Lets a session act, under a new cookie.
    func allow(
        _ request: OperationsRequest, name: String, token given: String
    ) throws(ConsoleRefusal) -> (session: Session, cookie: String) {
        let (key, _) = try ownPage(request)
        guard let token = access.adminToken() else { throw .actingIsOff }
        let name = try checked(name)
        try check(given, against: token, from: request, else: .wrongToken)
        state.withLock { $0.sessions.close(key) }
        logger.notice(
            "somebody may act in the console", metadata: ["actor": "\(name)", "peer": "\(request.peer ?? "")"])
        return open(
            request, actor: Session.Actor(name: name, token: SecretDigest(of: token), since: monotonic()))
    }

    /// Takes the right to act away.
    func lock(_ request: OperationsRequest) throws(ConsoleRefusal) {
        let (key, _) = try ownPage(request)
        state.withLock { $0.sessions.dropActor(key) }
    }

    /// Ends a session.
    /// - Returns: the Set-Cookie header that forgets it.
    func signOut(_ request: OperationsRequest) throws(ConsoleRefusal) -> String {
        let (key, _) = try ownPage(request)
        state.withLock { $0.sessions.close(key) }
        return "\(Self.cookieName(request))=; Path=/console/; Max-Age=0; HttpOnly; SameSite=Strict"
    }

    private func open(_ request: OperationsRequest, actor: Session.Actor?) -> (session: Session, cookie: String) {
        let (identifier, proof) = (Self.random(), Self.random())
        let now = monotonic()
        let session = state.withLock {
            $0.sessions.open(SecretDigest(of: identifier), proof: proof, actor: actor, now: now)
        }
        // Set by a proxy that speaks TLS; whoever else sets it only hurts itself.
        let isSecure = request.headers["x-forwarded-proto"].contains("https")
        let attributes = "; Path=/console/; HttpOnly; SameSite=Strict" + (isSecure ? "; Secure" : "")
        return (session, "\(Self.cookieName(request))=\(identifier)\(attributes)")
    }

    // MARK: - Checks

    /// Compares digests, which takes the same time whatever is given; a wrong one costs the address an attempt.
    private func check(
        _ given: String, against secret: Secret, from request: OperationsRequest, else refusal: ConsoleRefusal
    ) throws(ConsoleRefusal) {
        let address = request.peer ?? ""
        let now = monotonic()
        if let seconds = state.withLock({ $0.limiter.take(address, now: now) }) { throw .tooManyAttempts(seconds) }
        guard SecretDigest(of: given) == SecretDigest(of: secret) else {
            logger.warning(
                "a wrong secret was given to the console",
                metadata: ["peer": "\(address)", "code": "\(refusal.code)"])
            throw refusal
        }
        state.withLock { $0.limiter.giveBack(address) }
    }

    /// Browsers say with every POST which site's page has sent it.
    private func checkOrigin(_ request: OperationsRequest) throws(ConsoleRefusal) {
        let (origins, hosts) = (request.headers["origin"], request.headers["host"])
        guard origins.count == 1, hosts.count == 1, let host = Self.authority(origins[0]),
            host.lowercased() == hosts[0].lowercased()
        else { throw .otherSite }
        let sites = request.headers["sec-fetch-site"]
        guard sites.isEmpty || sites == ["same-origin"] else { throw .otherSite }
    }

    private func checked(_ name: String) throws(ConsoleRefusal) -> String {
        let words = name.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !words.isEmpty, words.count <= limits.nameCharacters,
            words.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F })
        else {
            throw .invalid("give your name, in at most \(limits.nameCharacters) characters: acts are recorded under it")
        }
        return words
    }

    private func cookie(_ request: OperationsRequest) -> SecretDigest? {
        let name = Self.cookieName(request)
        for header in request.headers["cookie"] {
            for pair in header.split(separator: ";") {
                let parts = pair.split(separator: "=", maxSplits: 1)
                guard parts.count == 2, parts[0].drop(while: { $0 == " " }) == name else { continue }
                return SecretDigest(of: String(parts[1]))
            }
        }
        return nil
    }

    /// With the port, for browsers share cookies between the ports of a host.
    private static func cookieName(_ request: OperationsRequest) -> String {
        let host = request.headers["host"].first ?? ""
        let port = host.split(separator: ":", omittingEmptySubsequences: false).last ?? ""
        let isPort = host.contains(":") && !port.isEmpty && port.utf8.allSatisfy { (0x30...0x39).contains($0) }
        return isPort ? "gateway_console_\(port)" : "gateway_console"
    }

    private static func bearer(_ header: String) -> String? {
        let parts = header.split(separator: " ", maxSplits: 1)
        return parts.count == 2 && parts[0].lowercased() == "bearer" ? String(parts[1]) : nil
    }

    private static func authority(_ origin: String) -> String? {
        for scheme in ["http://", "https://"] where origin.hasPrefix(scheme) {
            return String(origin.dropFirst(scheme.count))
        }
        return nil
    }

    private static func random() -> String {
        // The system's generator is fit for secrets.
        var generator = SystemRandomNumberGenerator()
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: (0..<2 * randomBytes).map { _ in digits[Int(generator.next() & 0xF)] }, as: UTF8.self)
    }
}
