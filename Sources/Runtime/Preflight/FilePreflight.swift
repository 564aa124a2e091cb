package import Store

/// Judges files that a configuration names. Pure: facts in, verdicts out.
package enum FilePreflight {
    /// A certificate that ends sooner is renewed now (nanoseconds).
    static let renewalTime: Int64 = 14 * 86_400 * 1_000_000_000
    private static let day: Int64 = 86_400 * 1_000_000_000

    /// Judges a file that a key names.
    /// - Parameter isSecret: whether others must not read it.
    package static func file(key: String, path: String, _ facts: FileFacts, isSecret: Bool) -> PreflightCheck {
        let name = "file_\(key.lowercased())"
        guard facts.errorNumber == 0 else {
            return PreflightCheck(
                name, .problem, "\(path): \(ErrorNumber.text(facts.errorNumber))",
                advice: "mend \(key), or make the file")
        }
        guard facts.isReadable, !facts.isDirectory else {
            return PreflightCheck(
                name, .problem, facts.isDirectory ? "\(path) is a directory" : "\(path) can not be read by this user",
                advice: "mend \(key), or give the file to the service's user")
        }
        let mode = String(facts.mode, radix: 8)
        if facts.mode & 0o002 != 0 {
            return PreflightCheck(
                name, .problem, "\(path) has mode \(mode): everybody may change it", advice: "chmod o-w \(path)")
        }
        if isSecret, facts.mode & 0o004 != 0 {
            return PreflightCheck(
                name, .warning, "\(path) has mode \(mode): everybody on this machine may read a secret",
                advice: "chmod o= \(path)")
        }
        return PreflightCheck(name, .ok, "\(path) can be read (mode \(mode))")
    }

    /// Judges how long a certificate is valid.
    /// - Parameters:
    ///   - from: when it begins, in nanoseconds since 1970.
    ///   - until: when it ends.
    ///   - now: nanoseconds since 1970.
    package static func certificate(path: String, from: Int64, until: Int64, now: Int64) -> PreflightCheck {
        let name = "tls_certificate"
        let end = RFC3339.format(until, fraction: .seconds)
        if until <= now {
            return PreflightCheck(
                name, .problem, "\(path) has been invalid since \(end)", advice: "renew it; clients refuse it")
        }
        if from > now {
            return PreflightCheck(
                name, .problem, "\(path) is valid from \(RFC3339.format(from, fraction: .seconds)) on only",
                advice: "look at the clock, or wait")
        }
        if until - now < renewalTime {
            return PreflightCheck(
                name, .warning, "\(path) is valid for \((until - now) / day) more days, until \(end)",
                advice: "renew it: a changed file is read without a restart")
        }
        return PreflightCheck(name, .ok, "\(path) is valid until \(end)")
    }
}
