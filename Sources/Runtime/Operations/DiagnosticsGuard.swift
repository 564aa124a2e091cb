/// Who may see a process's diagnostics: whoever knows the secret, or, without a secret, everybody.
package struct DiagnosticsGuard: Sendable {
    /// What the key `DIAGNOSTICS_SECRET` means; both processes read it.
    package static let secretMeaning =
        "Bearer secret of ingest's /-/healthz, which is open without it, and of the forwarder's console, which is off "
        + "without it."

    private let secret: [UInt8]

    /// - Parameter secret: what the Authorization header must have after `Bearer `; nil or empty for no check at all.
    package init(secret: String?) {
        self.secret = Array((secret ?? "").utf8)
    }

    /// Whether everybody is let through.
    package var isOpen: Bool { secret.isEmpty }

    /// The answer to a request that is not let through; nil for one that is.
    package func refusal(of request: OperationsRequest) -> OperationsResponse? {
        guard !isOpen else { return nil }
        let values = request.headers["authorization"]
        guard let value = values.first, !value.isEmpty else { return Self.unauthorized }
        guard values.count == 1 else { return Self.malformed("more than one Authorization header") }
        guard let space = value.firstIndex(of: " ") else {
            return Self.malformed("token type missing in Authorization header")
        }
        guard value[..<space].lowercased() == "bearer" else {
            return Self.malformed("invalid token type in Authorization header: use Bearer")
        }
        return matches(Array(value[value.index(after: space)...].utf8)) ? nil : Self.unauthorized
    }

    /// Takes a time that depends on the length of `token` only.
    private func matches(_ token: [UInt8]) -> Bool {
        var difference = token.count ^ secret.count
        for (index, byte) in token.enumerated() {
            difference |= Int(byte ^ secret[index % secret.count])
        }
        return difference == 0
    }

    private static let unauthorized = OperationsResponse(
        status: 401, contentType: OperationsResponse.plain, body: "unauthorized",
        headers: ["WWW-Authenticate": "Bearer"])

    private static func malformed(_ text: String) -> OperationsResponse {
        OperationsResponse(status: 400, contentType: OperationsResponse.plain, body: text)
    }
}
