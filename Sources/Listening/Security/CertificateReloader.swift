package import Runtime
internal import ServiceLifecycle

/// Looks at the certificate files at an interval until a graceful shutdown, so that renewed certificates need no restart.
package struct CertificateReloader: Service {
    let contexts: SecurityContexts

    package func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                try await Task.sleep(for: contexts.checkInterval)
                contexts.reloadIfChanged()
            }
        }
    }

    /// When the first certificate of the chain in use ends, in seconds since 1970.
    package var notAfter: Int { contexts.notAfter }

    /// Looks at the files now.
    package func reloadIfChanged() { contexts.reloadIfChanged() }

    /// Reads the files of a setting, whether they have changed or not.
    /// - Returns: what makes them the ones for new connections.
    /// - Throws: `unreadable` when they can not be used; nothing is changed.
    package func prepare(_ security: ListenerSecurity) throws(RuntimeFailure) -> @Sendable () -> Void {
        try contexts.prepare(security)
    }
}
