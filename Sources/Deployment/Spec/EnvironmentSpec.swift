/// One place where the service runs.
package struct EnvironmentSpec: Sendable, Equatable {
    /// Who depends on it.
    package enum Category: String, Sendable, CaseIterable {
        case test, `internal`, external
    }

    /// How a new version gets there.
    package enum DeployType: String, Sendable, CaseIterable {
        case manual, subscription, rollout
    }

    static let keys = [
        "id", "projectID", "category", "deploy", "locations", "domain", "healthProbes", "instances", "spool", "env",
        "secretEnv", "secretVolumes", "alerting",
    ]

    /// Its name, unique in the specification.
    package var id: String
    /// The Google Cloud project.
    package var projectID: String
    package var category: Category
    package var deployType: DeployType
    /// The Google Cloud region.
    package var region: String
    /// nil when it is not reachable from outside.
    package var domain: DomainSpec?
    package var probes: ProbeSpec
    package var instances: InstanceSpec
    package var spool: SpoolSpec
    /// Settings, templates filled in.
    package var settings: [String: String]
    /// Settings whose values are secrets, by the secret's name.
    package var secretSettings: [String: String]
    /// Secrets as files.
    package var secretFiles: [SecretFileSpec]
    package var alerting: AlertingSpec

    /// - Parameters:
    ///   - service: the service's id; the project's name begins with it.
    ///   - settings: the names that may be set.
    init(_ section: SpecSection, service: String, settings names: SettingNames) {
        let id = section.text("id", .name(maximum: 12))
        self.id = id
        let prefix = "\(service)-\(id)-"
        projectID = section.text(
            "projectID",
            TextRule(allowed: "\(prefix) and a suffix of lower-case letters and digits, 30 characters at most") {
                // What is wrong with the ids is said there already.
                service.isEmpty || id.isEmpty
                    || $0.utf8.count <= 30 && $0.hasPrefix(prefix)
                        && $0.dropFirst(prefix.count).wholeMatch(of: /[a-z0-9]+/) != nil
            })
        category = section.choice("category", default: .test)
        if !section.has("category") {
            section.problem("category", "is missing; expected one of test, internal, external")
        }
        deployType = section.section("deploy", keys: ["type"]).choice("type", default: .manual)
        region = section.section("locations", keys: ["gcpRegion"]).text(
            "gcpRegion", default: "us-central1",
            TextRule(allowed: "a region of Google Cloud, as in us-central1") {
                $0.wholeMatch(of: /[a-z]+-[a-z]+[0-9]+/) != nil
            })
        domain = DomainSpec(section.section("domain", keys: DomainSpec.keys))
        probes = ProbeSpec(section.section("healthProbes", keys: ProbeSpec.keys))
        instances = InstanceSpec(section.section("instances", keys: InstanceSpec.keys))
        spool = SpoolSpec(section.section("spool", keys: SpoolSpec.keys))
        secretFiles = section.entries("secretVolumes").map { SecretFileSpec($0) }
        alerting = AlertingSpec(section.section("alerting", keys: AlertingSpec.keys))
        let reader = SettingsReader(
            names: names, templates: ["ProjectID": projectID, "ServiceDnsName": domain?.name ?? ""])
        self.settings = reader.settings(section.entries("env"))
        secretSettings = reader.secrets(section.entries("secretEnv"), besides: self.settings)
        checkFiles(section)
        if spool.memory.mebibytes > instances.resources.memory.mebibytes / 2 {
            section.problem(
                "spool",
                "memory \(spool.memory) is more than half of instances.resources.memory, which is "
                    + "\(instances.resources.memory) and pays for it on Cloud Run")
        }
    }

    private func checkFiles(_ section: SpecSection) {
        for (index, file) in secretFiles.enumerated() where !file.path.isEmpty {
            if !settings.values.contains(file.path) {
                section.problem("secretVolumes", "\(file.path) is named by no setting in env, so nothing would read it")
            }
            if secretFiles[..<index].contains(where: { $0.directory == file.directory }) {
                section.problem(
                    "secretVolumes", "\(file.directory) is used twice; give each secret a directory of its own")
            }
        }
    }

    /// Settings of one process.
    func settings(of names: Set<String>) -> [String: String] { settings.filter { names.contains($0.key) } }

    /// Secret settings of one process.
    func secretSettings(of names: Set<String>) -> [String: String] {
        secretSettings.filter { names.contains($0.key) }
    }

    /// Secret files that settings of one process name.
    func secretFiles(of names: Set<String>) -> [SecretFileSpec] {
        let paths = settings(of: names).values
        return secretFiles.filter { paths.contains($0.path) }
    }
}
