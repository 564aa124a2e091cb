internal import Contract
internal import Secrets

/// A licence whose key is genuine.
struct AdmittedLicence: Sendable, Hashable {
    /// Stands for the key.
    let digest: SecretDigest
    /// What it says.
    let information: LicenceInformation
}
