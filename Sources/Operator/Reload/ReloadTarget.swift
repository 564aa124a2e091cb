internal import ArgumentParser
package import Store

/// A process that can be told to reload.
package enum ReloadTarget: String, Sendable, Hashable, CaseIterable, ExpressibleByArgument {
    /// `telemetry-ingest`
    case ingest
    /// `telemetry-forwarder`
    case forwarder

    /// The name of the executable.
    package var process: String { "telemetry-\(rawValue)" }

    /// The file that the process has locked while it runs.
    package func lockPath(_ layout: SpoolLayout) -> String {
        switch self {
        case .ingest: layout.ingestLockPath
        case .forwarder: layout.forwarderLockPath
        }
    }

    /// The socket on which it takes commands.
    func socketPath(_ layout: SpoolLayout) -> String {
        switch self {
        case .ingest: layout.ingestControlPath
        case .forwarder: layout.controlSocketPath
        }
    }
}
