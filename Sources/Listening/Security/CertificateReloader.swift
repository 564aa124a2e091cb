internal import ServiceLifecycle

/// Looks at the certificate files at an interval until a graceful shutdown, so that renewed certificates need no restart.
package struct CertificateReloader: Service {
    let contexts: SecurityContexts

    package func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                try await Task.sleep(for: contexts.security.checkInterval)
                contexts.reloadIfChanged()
            }
        }
    }

    /// Looks at the files now.
    package func reloadIfChanged() { contexts.reloadIfChanged() }
}
