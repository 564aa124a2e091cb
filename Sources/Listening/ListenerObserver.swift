/// Told what happens on the one port; called on event loops, so the closures must not block.
package struct ListenerObserver: Sendable {
    /// A connection's protocol is known.
    package var opened: @Sendable (ListenerProtocol) -> Void = { _ in }
    /// A connection that was `opened` has ended.
    package var closed: @Sendable (ListenerProtocol) -> Void = { _ in }
    /// A connection or request was refused or ended by the listener.
    package var refused: @Sendable (ListenerRefusal) -> Void = { _ in }
    /// A request that is not gRPC came over HTTP/2.
    package var proxiedStreamOpened: @Sendable () -> Void = {}
    /// Such a request has ended.
    package var proxiedStreamClosed: @Sendable () -> Void = {}
    /// Changed certificate files were read: true when they are in use now, false when the old certificate stays.
    package var certificateReloaded: @Sendable (Bool) -> Void = { _ in }

    /// An observer that ignores everything.
    package init() {}
}
