internal import Runtime
package import Secrets

/// Who may look at a forwarder's console, and who may act in it.
package struct OperatorAccess: Sendable {
    static let tokenKey = "GATEWAY_ADMIN_TOKEN"
    static let tokenFileKey = "GATEWAY_ADMIN_TOKEN_FILE"
    /// Shorter tokens could be guessed.
    static let minimumTokenCharacters = 16

    /// Who knows it may look; without one nobody may.
    package let diagnosticsSecret: Secret?
    private let token: Secret?
    private let tokenFile: WatchedFile<Secret>?

    /// Makes an access without a file.
    package init(diagnosticsSecret: Secret? = nil, adminToken: Secret? = nil) {
        self.diagnosticsSecret = diagnosticsSecret
        token = adminToken
        tokenFile = nil
    }

    /// Who knows it may act; nil when nobody may. A file is read again when it has changed.
    package func adminToken() -> Secret? {
        if let token { return token }
        guard case .success(let token) = tokenFile?.read().result else { return nil }
        return token
    }

    /// Declares and reads the keys.
    init(_ reader: inout ConfigurationReader) {
        diagnosticsSecret = reader.optionalString(
            "DIAGNOSTICS_SECRET", meaning: DiagnosticsGuard.secretMeaning, secret: true
        ).flatMap { $0.isEmpty ? nil : Secret($0) }
        token = reader.optionalString(
            Self.tokenKey,
            meaning: "Who knows it may act in the console: at least \(Self.minimumTokenCharacters) characters.",
            secret: true
        ).map { Secret($0) }
        tokenFile = reader.optionalPath(
            Self.tokenFileKey, meaning: "File of the same token instead; read again when it changes."
        ).map(SecretFile.token)
        if token != nil, tokenFile != nil {
            reader.addProblem(key: Self.tokenFileKey, message: "is set, and so is \(Self.tokenKey): set one of them")
        }
        check(&reader)
    }

    private func check(_ reader: inout ConfigurationReader) {
        let key = tokenFile == nil ? Self.tokenKey : Self.tokenFileKey
        if case .failure(let problem) = tokenFile?.read().result {
            reader.addProblem(key: key, message: problem.message)
        }
        guard let token = adminToken() else { return }
        if token.value.count < Self.minimumTokenCharacters {
            reader.addProblem(
                key: key,
                message: "has less than \(Self.minimumTokenCharacters) characters: make one with `openssl rand -hex 24`"
            )
        }
        if let diagnosticsSecret, diagnosticsSecret.value == token.value {
            reader.addProblem(
                key: key, message: "is the same as DIAGNOSTICS_SECRET: who may look must not be able to act")
        }
    }
}
