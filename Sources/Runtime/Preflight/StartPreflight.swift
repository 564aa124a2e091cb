internal import Glibc
package import Logging
internal import ServiceLifecycle
package import Store

/// What a process looks at by itself: before it touches the spool only what endangers acknowledged events, the rest beside
/// its start, on a thread of its own, so that nobody waits for it.
package struct StartPreflight: Service {
    /// Writes that are timed.
    private static let writes = 5
    /// No further one begins after this (nanoseconds).
    private static let writeTime: Int64 = 300_000_000
    private static let limit = Duration.seconds(10)

    private let process: String
    private let layout: SpoolLayout
    private let settings: PreflightSettings
    private let fileSystem: @Sendable (String) -> FileSystemKind?
    private let logger: Logger

    /// - Parameters:
    ///   - process: `ingest` or `forwarder`.
    ///   - fileSystem: the kind at a path; nil when there is nothing.
    package init(
        process: String, layout: SpoolLayout, settings: PreflightSettings,
        fileSystem: @escaping @Sendable (String) -> FileSystemKind? = { try? FileSystemKind.of($0) }, logger: Logger
    ) {
        self.process = process
        self.layout = layout
        self.settings = settings
        self.fileSystem = fileSystem
        self.logger = logger
    }

    /// Refuses a spool on a file system that can not be trusted; a few system calls. Call it before anything else
    /// touches the spool.
    /// - Throws: `ConfigurationError` with what was found and what to do.
    package func requireDurability() throws(ConfigurationError) {
        guard let kind = fileSystem(Self.existing(layout.root)) else { return }
        let check = StoragePreflight.fileSystem(kind, allowsNetwork: settings.allowsNetworkFileSystem)
        guard check.verdict == .problem else { return }
        throw ConfigurationError(problems: [
            ConfigurationProblem(
                code: .contradiction, key: "GATEWAY_SPOOL_DIRECTORY",
                message: "\(layout.root) lies on \(check.found); \(check.advice)")
        ])
    }

    /// Looks at the rest once and says what is not as it should be; then waits for the graceful shutdown.
    package func run() async throws {
        let (process, layout, settings) = (process, layout, settings)
        let checks = await TimeLimit.run(Self.limit) { Self.checks(process: process, layout, settings) }
        for check in checks ?? [Self.hanging(layout)] where check.verdict == .warning || check.verdict == .problem {
            logger.log(
                level: check.verdict == .problem ? .error : .warning, "preflight",
                metadata: ["check": "\(check.name)", "found": "\(check.found)", "advice": "\(check.advice)"])
        }
        try? await gracefulShutdown()
    }

    private static func checks(
        process: String, _ layout: SpoolLayout, _ settings: PreflightSettings
    ) -> [PreflightCheck] {
        var checks = StorageFacts(layout: layout, writes: writes, writeTime: writeTime).checks(settings)
        let limits = ProcessLimits(processID: nil)
        checks += HostPreflight.checks(layout: layout)
        if let connections = settings.connections {
            checks.append(HostPreflight.openFiles(limits.openFiles, connections: connections, process: process))
        }
        checks.append(HostPreflight.memory(limits.memoryBytes, buffers: settings.bufferBytes, process: process))
        checks += settings.files.map { file in
            FilePreflight.file(key: file.key, path: file.path, FileFacts(path: file.path), isSecret: file.isSecret)
        }
        return checks
    }

    private static func hanging(_ layout: SpoolLayout) -> PreflightCheck {
        PreflightCheck(
            "spool_directory", .problem, "\(layout.root) does not answer within \(limit)", advice: "look at its disk")
    }

    /// The path, or the nearest one above it that is there.
    static func existing(_ path: String) -> String {
        var path = path
        while FileFacts(path: path).errorNumber != 0 {
            guard let slash = path.lastIndex(of: "/") else { return "." }
            guard slash != path.startIndex else { return "/" }
            path = String(path[..<slash])
        }
        return path
    }
}
