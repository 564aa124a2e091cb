internal import Forwarder
internal import Glibc
internal import Ingest
internal import Listening
internal import Runtime
internal import Store
internal import Transfer

/// Looks at everything that a gateway depends on. No look takes longer than its limit, and all are under way at once.
package struct Doctor: Sendable {
    /// Writes that are timed.
    private static let writes = 50

    private let layout: SpoolLayout
    private let configuration: DoctorConfiguration
    private let limit: Duration

    /// - Parameters:
    ///   - spool: its directory; nil for the one of the configuration.
    ///   - environment: with what the processes are configured.
    ///   - file: the configuration file; nil for the one that the environment names.
    ///   - limit: for each look.
    package init(spool: String?, environment: [String: String], file: String?, limit: Duration) {
        var environment = environment
        if let spool { environment[Self.spoolKey] = spool }
        let named = environment[Self.fileKey].flatMap { $0.isEmpty ? nil : $0 }
        configuration = DoctorConfiguration(environment: environment, path: file ?? named)
        layout = SpoolLayout(root: configuration.ingest.spoolDirectory)
        self.limit = limit
    }

    private static let spoolKey = "GATEWAY_SPOOL_DIRECTORY"
    private static let fileKey = "GATEWAY_CONFIG_FILE"

    /// Looks at everything once.
    package func report() async -> DoctorReport {
        async let storage = looking("spool_directory", at: layout.root) { storageChecks }
        async let host = looking("clock", at: "the spool's files") { hostChecks }
        async let files = looking("files", at: "the files of the configuration") { fileChecks }
        async let destinations = destinationChecks()
        let checks = await configuration.checks + storage + host + files + destinations
        return DoctorReport(spool: layout.root, checks: checks)
    }

    private func looking(
        _ name: String, at what: String, _ look: @escaping @Sendable () -> [PreflightCheck]
    ) async -> [PreflightCheck] {
        await TimeLimit.run(limit, look) ?? [
            PreflightCheck(
                name, .problem, "\(what): no answer within \(limit)",
                advice: "its disk hangs, or a server behind it: look at the kernel's log")
        ]
    }

    private var storageChecks: [PreflightCheck] {
        // Half of the limit, so that a slow disk is told from one that hangs.
        StorageFacts(layout: layout, writes: Self.writes, writeTime: Int64(limit / .nanoseconds(2)))
            .checks(configuration.ingest.preflight)
    }

    private var hostChecks: [PreflightCheck] {
        var checks = HostPreflight.checks(layout: layout) + [HostPreflight.curl(CurlVersion.number)]
        for (target, settings) in [
            (ReloadTarget.ingest, configuration.ingest.preflight), (.forwarder, configuration.forwarder.preflight),
        ] {
            let path = target.lockPath(layout)
            let isHeld = ProcessLock.isHeld(path: path)
            let holder = ProcessLock.holder(path: path)
            // Its number means something here only where it is the one that has the lock's file open.
            let visible = isHeld ? holder.flatMap { Self.isOpen(path, by: $0) ? $0 : nil } : nil
            checks.append(
                HostPreflight.lock(
                    process: target.rawValue, isHeld: isHeld, holder: holder, isVisible: visible != nil))
            // Of the running process where there is one: gatewayctl's own limits may be others.
            let limits = ProcessLimits(processID: visible)
            if let connections = settings.connections {
                checks.append(
                    HostPreflight.openFiles(limits.openFiles, connections: connections, process: target.rawValue))
            }
            checks.append(
                HostPreflight.memory(
                    limits.memoryBytes, buffers: settings.bufferBytes, process: target.rawValue))
        }
        return checks
    }

    private static func isOpen(_ path: String, by process: Int32) -> Bool {
        guard let real = realpath(path, nil) else { return false }
        defer { free(real) }
        let target = String(cString: real)
        let directory = "/proc/\(process)/fd"
        guard let names = try? Directory.names(directory) else { return false }
        return names.contains { name in
            var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
            let count = readlink("\(directory)/\(name)", &buffer, buffer.count)
            return count > 0
                && String(decoding: buffer.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self) == target
        }
    }

    private var fileChecks: [PreflightCheck] {
        var checks = (configuration.ingest.preflight.files + configuration.forwarder.preflight.files).map { file in
            FilePreflight.file(key: file.key, path: file.path, FileFacts(path: file.path), isSecret: file.isSecret)
        }
        if let security = configuration.ingest.security {
            do throws(RuntimeFailure) {
                let validity = try CertificateValidity(file: security.certificateFile)
                checks.append(
                    FilePreflight.certificate(
                        path: security.certificateFile, from: validity.from, until: validity.until, now: WallClock.now()
                    ))
            } catch {
                checks.append(
                    PreflightCheck("tls_certificate", .problem, error.message, advice: "name a certificate in PEM form")
                )
            }
        }
        return checks
    }

    private func destinationChecks() async -> [PreflightCheck] {
        let destinations = configuration.forwarder.destinations
        let transfers: CurlTransfers
        do throws(TransferError) {
            transfers = try CurlTransfers()
        } catch {
            return [PreflightCheck("destination", .problem, error.message, advice: "look at libcurl")]
        }
        let probe = DestinationProbe(
            settings: configuration.forwarder.destinationSettings, transfers: transfers, limit: limit)
        let found = await withTaskGroup(of: (Int, PreflightCheck).self) { group in
            for (index, address) in destinations.enumerated() {
                group.addTask { (index, await probe.check(address)) }
            }
            return await group.reduce(into: [Int: PreflightCheck]()) { $0[$1.0] = $1.1 }
        }
        await transfers.shutdown(grace: .zero)
        return destinations.indices.compactMap { found[$0] }
    }
}
