/// What the first bytes of a connection decide. A pure value: `GateHandler` executes.
struct ConnectionGate {
    /// What a client of HTTP/2 says first.
    static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
    /// Bytes of the preface after which it cannot be an HTTP/1.1 request any more.
    static let prefaceMethodBytes = 4
    /// Longest request method that is waited for.
    static let longestMethod = 20
    /// The first byte of a TLS record that holds a handshake message.
    static let handshakeRecord: UInt8 = 0x16

    /// What to do. Nothing happens after `open`, `refuse` and `close`.
    enum Action: Equatable {
        /// Close the connection when the time is over; replaces an earlier deadline.
        case start(Deadline)
        /// Hand the connection with all bytes so far over.
        case open(ListenerProtocol)
        /// Count it and close.
        case refuse(ListenerRefusal)
        /// Close: nobody did anything wrong.
        case close
    }

    /// What is waited for.
    enum Deadline: Equatable {
        case handshake
        case firstBytes
    }

    private enum Phase {
        case handshaking
        case reading
        case decided
    }

    private let secure: Bool
    private var phase: Phase
    private var negotiated: ListenerProtocol?
    private var position = 0
    private var mayBePreface = true
    private var mayBeMethod = true
    private var startsLikeHandshake = false

    /// - Parameter secure: whether the port speaks TLS.
    init(secure: Bool) {
        self.secure = secure
        phase = secure ? .handshaking : .reading
    }

    /// The connection is open.
    func connected() -> Action { .start(phase == .handshaking ? .handshake : .firstBytes) }

    /// The TLS handshake is complete; `protocolName` was agreed in it (ALPN), if anything.
    mutating func handshakeCompleted(protocolName: String?) -> Action? {
        guard phase == .handshaking else { return nil }
        phase = .reading
        switch protocolName {
        case "h2": negotiated = .http2
        case "http/1.1": negotiated = .http1
        default: negotiated = nil
        }
        return .start(.firstBytes)
    }

    /// Further bytes have arrived.
    mutating func received(_ bytes: some Sequence<UInt8>) -> Action? {
        guard phase == .reading else { return nil }
        for byte in bytes {
            guard let spoken = look(at: byte) else {
                guard mayBePreface || mayBeMethod else {
                    return decide(.refuse(startsLikeHandshake && !secure ? .tlsOnPlaintext : .notHTTP))
                }
                continue
            }
            guard negotiated == nil || negotiated == spoken else { return decide(.refuse(.notNegotiated)) }
            return decide(.open(spoken))
        }
        return nil
    }

    /// The deadline is over.
    mutating func deadlinePassed() -> Action? {
        switch phase {
        case .handshaking: decide(.refuse(.handshakeDeadline))
        case .reading: decide(.refuse(.firstBytesDeadline))
        case .decided: nil
        }
    }

    /// The connection has broken.
    mutating func failed() -> Action? {
        switch phase {
        case .handshaking: decide(.refuse(.tlsFailed))
        case .reading: decide(.close)
        case .decided: nil
        }
    }

    /// The server shuts down gracefully: nothing was asked yet, so nothing is owed.
    mutating func shuttingDown() -> Action? { phase == .decided ? nil : decide(.close) }

    private mutating func decide(_ action: Action) -> Action {
        phase = .decided
        return action
    }

    /// The protocol, when this byte settles it.
    private mutating func look(at byte: UInt8) -> ListenerProtocol? {
        defer { position += 1 }
        if position == 0 { startsLikeHandshake = byte == Self.handshakeRecord }
        if mayBePreface, byte != Self.preface[position] { mayBePreface = false }
        if mayBePreface {
            if position + 1 == Self.prefaceMethodBytes { mayBeMethod = false }
            return position + 1 == Self.preface.count ? .http2 : nil
        }
        guard mayBeMethod else { return nil }
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            mayBeMethod = position < Self.longestMethod
            return nil
        case UInt8(ascii: " ") where position > 0:
            return .http1
        default:
            mayBeMethod = false
            return nil
        }
    }
}
