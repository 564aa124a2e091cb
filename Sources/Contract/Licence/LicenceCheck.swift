package import Secrets

/// What became of one licence key.
package struct LicenceCheck: Sendable, Hashable {
    /// Stands for the key in logs.
    package let digest: SecretDigest
    /// What the licence says, or why the key says nothing.
    package let result: Result<LicenceInformation, LicenceError>
}
