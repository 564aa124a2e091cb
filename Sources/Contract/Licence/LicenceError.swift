/// Why a licence key says nothing about its sender. The message never holds a part of the key.
package struct LicenceError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, for metrics, logs and tests.
    package enum Code: String, Sendable, Hashable, CaseIterable {
        /// No text, or nothing but white space.
        case empty
        /// More bytes than ``LicenceKey/maximumTextBytes``.
        case tooLong = "too_long"
        /// Not base64 in the URL alphabet without padding.
        case notBase64 = "not_base64"
        /// Base64 of something that is not JSON.
        case notJSON = "not_json"
        /// JSON whose members are not those of a licence key.
        case malformed
        /// A key without a `sig` member.
        case signatureMissing = "signature_missing"
        /// A signature of a kind that an RSA key cannot make.
        case signatureFormatUnsupported = "signature_format_unsupported"
        /// A signature that no known public key made for these bytes.
        case signatureInvalid = "signature_invalid"
        /// Signed as it should be, but the signed bytes do not describe a licence.
        case informationMalformed = "information_malformed"
    }

    package let code: Code
    /// What is wrong and what the sender can do; for the sender, behind a prefix of the server's.
    package let message: String

    package init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { "\(code.rawValue): \(message)" }
}

// The first words are those of the service that this one replaces, where it has any.
extension LicenceError {
    static let empty = LicenceError(
        code: .empty, message: "unexpected end of JSON input: the key is empty; send the whole licence key")

    static let tooLong = LicenceError(
        code: .tooLong,
        message: "the key is longer than \(LicenceKey.maximumTextBytes) bytes; send the licence key and nothing else")

    static let signatureMissing = LicenceError(
        code: .signatureMissing, message: "the key has no signature; send the whole licence key")

    static let signatureInvalid = LicenceError(
        code: .signatureInvalid,
        message: "crypto/rsa: verification error: no known public key signed this; check that the key is complete and "
            + "meant for this service")

    /// - Parameter offset: bytes into the text without its white space.
    static func notBase64(offset: Int) -> LicenceError {
        LicenceError(
            code: .notBase64,
            message: "illegal base64 data at input byte \(offset); a key is base64 in the URL alphabet without padding")
    }

    /// - Parameter offset: bytes into the decoded text.
    static func notJSON(offset: Int) -> LicenceError {
        LicenceError(
            code: .notJSON, message: "the decoded key is not JSON, at byte \(offset); send the whole licence key")
    }

    /// - Parameter what: a member and what it should be, in words of this program only.
    static func malformed(_ what: String) -> LicenceError {
        LicenceError(code: .malformed, message: "json: \(what); send the licence key as it was issued")
    }

    /// - Parameter what: a member and what it should be, in words of this program only.
    static func informationMalformed(_ what: String) -> LicenceError {
        LicenceError(
            code: .informationMalformed,
            message: "json: the signed information is not that of a licence: \(what); ask for a new licence key")
    }

    static func signatureFormatUnsupported(_ name: String) -> LicenceError {
        // The name is a piece of the key: it is repeated only when it is a public name that we know.
        let shown = LicenceSignature.foreignFormats.contains(name) ? name : "of an unknown name"
        return LicenceError(
            code: .signatureFormatUnsupported,
            message: "ssh: signature type \(shown) for key type ssh-rsa; send the licence key as it was issued")
    }
}
