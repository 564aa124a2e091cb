internal import Crypto
internal import CryptoExtras
internal import Foundation

/// Makes licence keys with an RSA pair of its own, thrown away with the process.
package struct LicenceIssuer: Sendable {
    /// One that all tests of a process may share.
    package static let first = Result { try LicenceIssuer() }
    /// Another one.
    package static let second = Result { try LicenceIssuer() }

    private let key: _RSA.Signing.PrivateKey
    /// The public half, as a line of an OpenSSH public key file.
    package let publicKeyLine: String

    /// A licence of a paying customer.
    package static let information = """
        {"v":3,"n":[1,2,3,4,5,6,7,8],"t":["plan:enterprise-1","dev"],"u":10,"c":"2024-01-15T00:00:00Z",\
        "e":"2030-01-15T00:00:00Z","sf_sub_id":"AE0001","sf_opp_id":"EA0002"}
        """

    /// Makes a pair.
    package init() throws {
        key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        let numbers = try key.publicKey.getKeyPrimitives()
        publicKeyLine = SSHLine.make(
            exponent: [UInt8](numbers.publicExponent), modulus: [UInt8](numbers.modulus), comment: "test")
    }

    /// Signs bytes the way a signature of that name does.
    package func sign(_ bytes: [UInt8], format: String) throws -> [UInt8] {
        let padding = _RSA.Signing.Padding.insecurePKCS1v1_5
        let signature =
            switch format {
            case "rsa-sha2-256": try key.signature(for: SHA256.hash(data: bytes), padding: padding)
            case "rsa-sha2-512": try key.signature(for: SHA512.hash(data: bytes), padding: padding)
            default: try key.signature(for: Insecure.SHA1.hash(data: bytes), padding: padding)
            }
        return [UInt8](signature.rawRepresentation)
    }

    /// A licence key that says `information`.
    package func issue(_ information: String = Self.information, format: String = "rsa-sha2-256") throws -> String {
        let bytes = Array(information.utf8)
        return Self.text(format: format, blob: try sign(bytes, format: format), information: bytes)
    }

    /// A licence key of any parts.
    package static func text(format: String, blob: [UInt8], information: [UInt8]) -> String {
        encode(envelope(format: format, blob: blob, information: information))
    }

    /// The JSON of a licence key.
    package static func envelope(format: String, blob: [UInt8], information: [UInt8]) -> [UInt8] {
        Array(
            """
            {"sig":{"Format":"\(format)","Blob":"\(Data(blob).base64EncodedString())","Rest":null},\
            "info":"\(Data(information).base64EncodedString())"}
            """.utf8)
    }

    /// Base64 in the URL alphabet without padding.
    package static func encode(_ json: some Sequence<UInt8>) -> String {
        Data(json).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}

/// Lines of OpenSSH public key files.
package enum SSHLine {
    /// One line.
    package static func make(exponent: [UInt8], modulus: [UInt8], comment: String = "", type: String = "ssh-rsa")
        -> String
    {
        let bytes = string(Array("ssh-rsa".utf8)) + number(exponent) + number(modulus)
        return "\(type) \(Data(bytes).base64EncodedString()) \(comment)"
    }

    /// A string of the SSH wire format.
    package static func string(_ bytes: [UInt8]) -> [UInt8] {
        let count = UInt32(bytes.count)
        return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) } + bytes
    }

    /// A number of the SSH wire format.
    package static func number(_ bytes: [UInt8]) -> [UInt8] {
        let significant = Array(bytes.drop { $0 == 0 })
        return string((significant.first ?? 0) >= 0x80 ? [0] + significant : significant)
    }
}

/// Base64 in its usual form.
package enum LicenceBytes {
    /// Encodes bytes.
    package static func base64(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
}
