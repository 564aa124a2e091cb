internal import Crypto
internal import CryptoExtras
internal import FoundationEssentials
internal import Runtime
internal import Secrets

/// A key of a Google service account. It signs its own tokens; Google need not be asked for them.
struct ServiceAccountKey: Sendable {
    /// The life of a token, in seconds: the longest that Google takes.
    static let tokenSeconds: Int64 = 3600
    /// Longest key file, in bytes.
    static let maximumFileBytes = 64 << 10

    let account: String
    private let keyID: String
    private let key: _RSA.Signing.PrivateKey

    /// Reads the content of a key file, as Google hands it out.
    ///
    /// - Throws: what is wrong with it, without a word of the content.
    init(json: [UInt8]) throws(WatchedFile<ServiceAccountKey>.Problem) {
        guard let fields = FlatJSON.values(json) else {
            throw .init(message: "is not a JSON object: the file of a service account's key is needed")
        }
        guard let type = fields["type"] else {
            throw .init(message: "has no \"type\": the file of a service account's key is needed")
        }
        guard type == "service_account" else {
            // Other types have short lower-case names; anything else may be a secret in the wrong place.
            let isName = type.utf8.count <= 40 && type.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x5F }
            throw .init(
                message: "is of type \(isName ? type : "unknown"); only service_account can be used, or no file at all "
                    + "where there is a metadata server")
        }
        guard let account = fields["client_email"], !account.isEmpty else { throw Self.missing("client_email") }
        guard let pem = fields["private_key"], !pem.isEmpty else { throw Self.missing("private_key") }
        do {
            key = try _RSA.Signing.PrivateKey(pemRepresentation: pem)
        } catch {
            throw .init(message: "its \"private_key\" is no RSA key of at least 2048 bits in PEM form")
        }
        self.account = account
        keyID = fields["private_key_id"] ?? ""
    }

    /// A signed token for the audience.
    ///
    /// - Parameter now: nanoseconds since 1970.
    func token(for audience: String, now: Int64) throws -> Secret {
        let seconds = now / 1_000_000_000
        let header = Self.object([("alg", Self.text("RS256")), ("typ", Self.text("JWT")), ("kid", Self.text(keyID))])
        let claims = Self.object([
            ("iss", Self.text(account)), ("sub", Self.text(account)), ("aud", Self.text(audience)),
            ("iat", "\(seconds)"), ("exp", "\(seconds + Self.tokenSeconds)"),
        ])
        let signed = "\(Self.base64URL(Array(header.utf8))).\(Self.base64URL(Array(claims.utf8)))"
        let signature = try key.signature(for: SHA256.hash(data: Array(signed.utf8)), padding: .insecurePKCS1v1_5)
        return Secret("\(signed).\(Self.base64URL(Array(signature.rawRepresentation)))")
    }

    private static func missing(_ name: String) -> WatchedFile<ServiceAccountKey>.Problem {
        .init(message: "has no \"\(name)\": the file of a service account's key is needed")
    }

    private static func object(_ members: [(name: String, value: String)]) -> String {
        "{" + members.map { "\"\($0.name)\":\($0.value)" }.joined(separator: ",") + "}"
    }

    private static func text(_ text: String) -> String {
        var bytes: [UInt8] = []
        JSONText.appendQuoted(text, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func base64URL(_ bytes: [UInt8]) -> String {
        let base64 = Data(bytes).base64EncodedString()
        return String(
            base64.compactMap { digit -> Character? in
                switch digit {
                case "+": "-"
                case "/": "_"
                case "=": nil
                default: digit
                }
            })
    }
}
