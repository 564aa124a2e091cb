/// Why a file of public keys cannot be used; it names every bad line.
package struct LicencePublicKeyError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, for tests and exit messages.
    package enum Code: String, Sendable, Hashable, CaseIterable {
        /// No line holds a key.
        case noKeys = "no_keys"
        /// More keys than ``LicenceVerifier/maximumKeys``.
        case tooManyKeys = "too_many_keys"
        /// More bytes than ``LicenceVerifier/maximumFileBytes``.
        case tooLarge = "too_large"
        /// The file holds keys in PEM form.
        case isPEM = "is_pem"
        /// A line of another kind of key, or of something else.
        case notRSA = "not_rsa"
        /// The second word of a line is missing or not base64.
        case notBase64 = "not_base64"
        /// The bytes of a key are not those of an `ssh-rsa` key.
        case malformed
        /// An RSA modulus of less than ``LicenceVerifier/minimumKeyBits``.
        case tooShort = "too_short"
        /// Numbers that are no RSA key.
        case refused
    }

    /// One thing that is wrong.
    package struct Problem: Sendable, Hashable, CustomStringConvertible {
        package let code: Code
        /// From 1; nil when it is about the whole file.
        package let line: Int?
        /// What is wrong and what to do.
        package let message: String

        package var description: String { line.map { "line \($0): \(message)" } ?? message }
    }

    /// The first ones, in the order of the file; never empty.
    package let problems: [Problem]

    /// The first problem's code.
    package var code: Code { problems.first?.code ?? .noKeys }
    /// All problems, one after the other.
    package var message: String { problems.map(\.description).joined(separator: "; ") }

    package var description: String { message }
}
