/// TLS for the one port: files in PEM form, read again when they change. TLS 1.2 is the oldest version spoken.
package struct ListenerSecurity: Sendable, Hashable {
    /// How often the files are looked at unless told otherwise.
    package static let defaultCheckInterval = Duration.seconds(10)

    /// The server's certificate, followed by its intermediate certificates.
    package var certificateFile: String
    /// The certificate's private key, not encrypted.
    package var privateKeyFile: String
    /// The authorities that client certificates must come from; nil asks clients for no certificate.
    package var clientAuthoritiesFile: String?
    /// Whether a client without a certificate is refused; matters only with `clientAuthoritiesFile`.
    package var requireClientCertificate: Bool
    /// How often the files are looked at.
    package var checkInterval: Duration

    package init(
        certificateFile: String, privateKeyFile: String, clientAuthoritiesFile: String? = nil,
        requireClientCertificate: Bool = true, checkInterval: Duration = defaultCheckInterval
    ) {
        self.certificateFile = certificateFile
        self.privateKeyFile = privateKeyFile
        self.clientAuthoritiesFile = clientAuthoritiesFile
        self.requireClientCertificate = requireClientCertificate
        self.checkInterval = checkInterval
    }

    /// All files, in a stable order.
    var files: [String] { [certificateFile, privateKeyFile] + [clientAuthoritiesFile].compactMap(\.self) }
}
