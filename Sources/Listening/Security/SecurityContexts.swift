internal import NIOSSL
internal import Runtime
internal import Synchronization

/// The TLS context for new connections, made anew when the files change. Open connections keep the one that they began with.
final class SecurityContexts: Sendable {
    private struct State {
        var loaded: LoadedCertificate
        var stamps: [FileStamp?]
        var security: ListenerSecurity
    }

    private let report: ListenerReport
    private let state: Mutex<State>

    init(security: ListenerSecurity, report: ListenerReport) throws(RuntimeFailure) {
        self.report = report
        // Looked at before the files are read: a change in between is then seen at the next look.
        let stamps = security.files.map(FileStamp.init(path:))
        state = Mutex(State(loaded: try security.makeContext(), stamps: stamps, security: security))
    }

    /// How often the files are looked at.
    var checkInterval: Duration { state.withLock { $0.security.checkInterval } }

    /// The context for a new connection.
    var current: NIOSSLContext { state.withLock { $0.loaded.context } }

    /// When the certificate in use ends, in seconds since 1970.
    var notAfter: Int { state.withLock { $0.loaded.notAfter } }

    /// Reads the files of a setting, whether they have changed or not.
    /// - Returns: what makes them the ones for new connections.
    /// - Throws: `unreadable` when they can not be used; nothing is changed.
    func prepare(_ security: ListenerSecurity) throws(RuntimeFailure) -> @Sendable () -> Void {
        let stamps = security.files.map(FileStamp.init(path:))
        let loaded = try security.makeContext()
        return { [self] in
            state.withLock { $0 = State(loaded: loaded, stamps: stamps, security: security) }
            report.certificateReloaded(files: security.files)
        }
    }

    /// Reads the files when one of them is not the one that was read last; files that cannot be used change nothing and are
    /// reported once.
    func reloadIfChanged() {
        let security = state.withLock { $0.security }
        let stamps = security.files.map(FileStamp.init(path:))
        guard state.withLock({ $0.stamps != stamps }) else { return }
        do throws(RuntimeFailure) {
            let loaded = try security.makeContext()
            state.withLock { $0 = State(loaded: loaded, stamps: stamps, security: security) }
            report.certificateReloaded(files: security.files)
        } catch {
            state.withLock { $0.stamps = stamps }
            report.certificateNotReloaded(error)
        }
    }
}
