import Crypto
import CryptoExtras
import Foundation

/// A service account's key as Google hands it out, made for a test.
struct ServiceAccountFile: Sendable {
    let key: _RSA.Signing.PrivateKey
    var fields: [String: String]

    // Making a key takes a while: two are enough for all tests.
    static let first = ServiceAccountFile(keyID: "key-1")
    static let second = ServiceAccountFile(keyID: "key-2")

    private init(keyID: String) {
        guard let key = try? _RSA.Signing.PrivateKey(keySize: .bits2048) else {
            preconditionFailure("no key can be made")
        }
        self.key = key
        fields = [
            "type": "service_account", "project_id": "project", "private_key_id": keyID,
            "private_key": key.pemRepresentation, "client_email": "gateway@project.iam.gserviceaccount.com",
            "client_id": "1", "token_uri": "https://oauth2.googleapis.com/token",
        ]
    }

    var json: Data { get throws { try JSONSerialization.data(withJSONObject: fields) } }

    /// Puts the file in place of the one that is there, as secret mounts do.
    func replace(_ path: String) throws {
        try json.write(to: URL(fileURLWithPath: path), options: .atomic)
    }

    /// Header and claims of a token that this key has signed; nil when it has not.
    func claims(of token: String) throws -> (header: [String: Any], claims: [String: Any])? {
        let parts = token.split(separator: ".").map(String.init)
        guard parts.count == 3, let signature = Self.decoded(parts[2]), let header = Self.decoded(parts[0]),
            let claims = Self.decoded(parts[1])
        else { return nil }
        let isValid = key.publicKey.isValidSignature(
            _RSA.Signing.RSASignature(rawRepresentation: signature), for: Data("\(parts[0]).\(parts[1])".utf8),
            padding: .insecurePKCS1v1_5)
        guard isValid, let header = try JSONSerialization.jsonObject(with: header) as? [String: Any],
            let claims = try JSONSerialization.jsonObject(with: claims) as? [String: Any]
        else { return nil }
        return (header, claims)
    }

    private static func decoded(_ text: String) -> Data? {
        guard !text.contains(where: { "+/=".contains($0) }) else { return nil }
        let base64 = text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        return Data(base64Encoded: base64 + String(repeating: "=", count: (4 - base64.count % 4) % 4))
    }
}
