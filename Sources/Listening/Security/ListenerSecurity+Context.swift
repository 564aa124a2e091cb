internal import Glibc
internal import NIOSSL
internal import Runtime

extension ListenerSecurity {
    /// The protocols offered to clients (ALPN), best first.
    static let protocols = ["h2", "http/1.1"]

    /// A TLS context of the files as they are now.
    func makeContext() throws(RuntimeFailure) -> LoadedCertificate {
        let chain = try load("certificate", certificateFile) { try NIOSSLCertificate.fromPEMFile(certificateFile) }
        guard !chain.isEmpty else {
            throw RuntimeFailure(
                code: .unreadable,
                message: "the TLS certificate file \(certificateFile) holds no certificate in PEM form")
        }
        let key = try load("private key", privateKeyFile) { try NIOSSLPrivateKey(file: privateKeyFile, format: .pem) }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = Self.protocols
        if let clientAuthoritiesFile {
            let authorities = try load("client authorities", clientAuthoritiesFile) {
                try NIOSSLCertificate.fromPEMFile(clientAuthoritiesFile)
            }
            guard !authorities.isEmpty else {
                throw RuntimeFailure(
                    code: .unreadable,
                    message: "the client authorities file \(clientAuthoritiesFile) holds no certificate in PEM form")
            }
            configuration.trustRoots = .certificates(authorities)
            configuration.sendCANameList = true
            configuration.certificateVerification =
                requireClientCertificate ? .noHostnameVerification : .optionalVerification
        }
        do {
            return LoadedCertificate(
                context: try NIOSSLContext(configuration: configuration),
                notAfter: chain.map(\.notValidAfter).min() ?? 0)
        } catch {
            throw RuntimeFailure(
                code: .unreadable,
                message: "the TLS certificate \(certificateFile) and the private key \(privateKeyFile) can not be used "
                    + "together: \(error); check that the key belongs to the first certificate of the file")
        }
    }

    private func load<Value>(_ what: String, _ path: String, _ body: () throws -> Value) throws(RuntimeFailure) -> Value
    {
        // Asked first, because NIOSSL does not say why it could not read.
        guard access(path, R_OK) == 0 else {
            throw RuntimeFailure(
                code: .unreadable, message: "cannot read the TLS \(what) file \(path): \(ErrorNumber.text(errno))")
        }
        do {
            return try body()
        } catch {
            throw RuntimeFailure(
                code: .unreadable, message: "the TLS \(what) file \(path) is not valid PEM: \(error)")
        }
    }
}
