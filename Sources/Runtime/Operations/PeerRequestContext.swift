internal import Hummingbird
internal import NIOCore

/// What is known of a request beside its message: who is at the other end of the connection.
struct PeerRequestContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// An IP address; nil on a Unix socket.
    let peer: String?

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        peer = source.channel.remoteAddress?.ipAddress
    }
}
