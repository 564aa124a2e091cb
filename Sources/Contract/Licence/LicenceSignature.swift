/// The signature inside a licence key, as an SSH signer writes it.
struct LicenceSignature: Sendable, Hashable {
    /// What an `ssh-rsa` key can sign with; PKCS#1 v1.5 each.
    enum Format: String, Sendable, Hashable, CaseIterable {
        /// SHA-1: what the issuing signer makes by default.
        case sha1 = "ssh-rsa"
        case sha256 = "rsa-sha2-256"
        case sha512 = "rsa-sha2-512"
    }

    let format: Format
    /// Big-endian; may lack leading zero bytes.
    let bytes: [UInt8]

    /// Names of SSH signature formats that belong to other kinds of key.
    static let foreignFormats: Set = [
        "ssh-ed25519", "ssh-dss", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
        "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com",
    ]
}
