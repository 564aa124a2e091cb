/// Knows whose licences count: verifies licence keys with one or more public keys.
package struct LicenceVerifier: Sendable {
    /// RSA keys below this are refused (bits).
    package static let minimumKeyBits = 2048
    /// Public keys in one file. A key that nobody signed is tried with each of them.
    package static let maximumKeys = 16
    /// The largest file of public keys (bytes of UTF-8).
    package static let maximumFileBytes = 64 * 1024
    /// Bad lines that one error names.
    package static let maximumProblems = 8

    private let keys: [LicencePublicKey]

    /// The public keys as `ssh-keygen -l` names them (`SHA256:…`), in the order of the file.
    package var fingerprints: [String] { keys.map(\.fingerprint) }

    /// Reads OpenSSH public keys: one `ssh-rsa AAAA… comment` a line; empty lines and lines that begin with `#` say
    /// nothing. Several keys allow rotation: a licence may be signed with any of them.
    ///
    /// - Throws: ``LicencePublicKeyError`` that names every bad line.
    package init(publicKeysFile text: String) throws(LicencePublicKeyError) {
        guard text.utf8.count <= Self.maximumFileBytes else {
            throw Self.fileError(.tooLarge, "more than \(Self.maximumFileBytes) bytes; a public key has about 400")
        }
        var keys: [LicencePublicKey] = []
        var problems: [LicencePublicKeyError.Problem] = []
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let line = Self.trimmed(line)
            guard let first = line.first, first != "#", problems.count < Self.maximumProblems else { continue }
            guard !line.hasPrefix("-----BEGIN") else {
                problems.append(Self.problemWithPEM(line, number: index + 1))
                break
            }
            do {
                keys.append(try LicencePublicKey(line: line, number: index + 1))
            } catch {
                problems.append(error)
            }
        }
        guard problems.isEmpty else { throw LicencePublicKeyError(problems: problems) }
        guard !keys.isEmpty else {
            throw Self.fileError(.noKeys, "no public key in the file; write one \"ssh-rsa AAAA… comment\" a line")
        }
        guard keys.count <= Self.maximumKeys else {
            throw Self.fileError(
                .tooManyKeys, "\(keys.count) public keys; at most \(Self.maximumKeys) are allowed, remove old ones")
        }
        self.keys = keys
    }

    /// Takes a licence key apart and verifies it. Public-key work: see ``LicenceCache``.
    package func information(of text: String) throws(LicenceError) -> LicenceInformation {
        try information(of: LicenceKey(text: text))
    }

    /// Verifies a licence key. What it says about expiry and tags is not judged here.
    package func information(of key: LicenceKey) throws(LicenceError) -> LicenceInformation {
        guard keys.contains(where: { $0.verifies(key.signature, of: key.signedBytes) }) else {
            throw .signatureInvalid
        }
        return try LicenceInformation(signedBytes: key.signedBytes)
    }

    private static func trimmed(_ line: Substring) -> Substring {
        var line = line.drop(while: \.isWhitespace)
        while let last = line.last, last.isWhitespace { line.removeLast() }
        return line
    }

    private static func problemWithPEM(_ line: Substring, number: Int) -> LicencePublicKeyError.Problem {
        let advice =
            line.contains("PRIVATE")
            ? "a private key; it does not belong here: write its public half (ssh-keygen -y -f FILE)"
            : "a key in PEM form; write it in OpenSSH's form (ssh-keygen -i -m PKCS8 -f FILE)"
        return LicencePublicKeyError.Problem(code: .isPEM, line: number, message: advice)
    }

    private static func fileError(_ code: LicencePublicKeyError.Code, _ message: String) -> LicencePublicKeyError {
        LicencePublicKeyError(problems: [LicencePublicKeyError.Problem(code: code, line: nil, message: message)])
    }
}
