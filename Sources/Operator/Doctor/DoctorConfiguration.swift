internal import Forwarder
internal import Ingest
internal import Runtime

/// The configuration of both processes, as they would read it from this environment and this file.
struct DoctorConfiguration: Sendable {
    let ingest: IngestConfiguration
    let forwarder: ForwarderConfiguration
    /// One for each process: what is wrong with its settings.
    let checks: [PreflightCheck]

    /// Reads everything. What is wrong becomes a check, and the defaults stand for it.
    /// - Parameters:
    ///   - environment: with the spool as it was named.
    ///   - path: of the configuration file; nil for none.
    init(environment: [String: String], path: String?) {
        let file = path.map(ConfigurationFile.load)
        var reader = ConfigurationReader(environment: environment, file: file)
        ingest = IngestConfiguration(&reader)
        let ingestCheck = Self.check("ingest", reader)
        reader = ConfigurationReader(environment: environment, file: file)
        forwarder = ForwarderConfiguration(&reader)
        checks = [ingestCheck, Self.check("forwarder", reader)]
    }

    private static func check(_ process: String, _ reader: ConfigurationReader) -> PreflightCheck {
        let name = "configuration_\(process)"
        do throws(ConfigurationError) {
            let effective = try reader.finish()
            let count = effective.keys.count { $0.source != .default }
            return PreflightCheck(name, .ok, "\(count) of \(effective.keys.count) keys are set")
        } catch {
            return PreflightCheck(
                name, .problem, error.problems.map(\.description).joined(separator: "; "),
                advice: "telemetry-\(process) --check-config shows the rest")
        }
    }
}
