/// The text of `--help`.
struct HelpText {
    let name: String
    let purpose: String
    let keys: [ConfigurationKey]

    var text: String {
        let usage = """
            \(name) \(GatewayVersion.current): \(purpose)

            usage: \(name) [--config FILE] [--check-config | --version | --help]

              --config FILE   read keys from KEY=VALUE lines or one flat JSON object; the environment outranks it,
                              and SIGHUP reads it again
              --check-config  print the effective configuration, secrets redacted, or all problems (exit code 78)
              --version       print the version
              --help          print this text

            Keys (environment variables, or members of the file):

            """
        return usage + keys.sorted { $0.name < $1.name }.map(entry).joined() + "\n" + exitCodes
    }

    private func entry(_ key: ConfigurationKey) -> String {
        var facts = [key.type]
        if let unit = key.unit { facts[0] += " (\(unit))" }
        if let allowed = key.allowed { facts.append(allowed) }
        if key.required {
            facts.append("required")
        } else {
            facts.append(key.defaultText.map { "default \($0.isEmpty ? "empty" : $0)" } ?? "no default")
        }
        if key.secret { facts.append("secret") }
        return "\n  \(key.name)\n      \(facts.joined(separator: "; "))\n      \(key.meaning)\n"
    }

    private var exitCodes: String {
        """
        Exit codes: 0 stopped as asked, 64 wrong command line, 69 port in use or another instance runs,
        70 internal error, 73 cannot create a file, 74 input or output failed, 78 wrong configuration.

        """
    }
}
