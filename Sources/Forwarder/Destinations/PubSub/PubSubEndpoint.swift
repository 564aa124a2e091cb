internal import Transfer

/// Gives the bearer token for Google's Pub/Sub.
package protocol PubSubCredentials: Sendable {
    /// A token that is valid for at least the next minute.
    func bearerToken() async throws(DeliveryError) -> String
}

/// Where Publish calls go.
package enum PubSubEndpoint: Sendable {
    /// The emulator, as HOST:PORT, in plain text.
    case emulator(host: String)
    /// Google, over TLS.
    case google(credentials: any PubSubCredentials)

    /// Google's address for publishing.
    package static let googleURL = "https://pubsub.googleapis.com"

    /// Picks the endpoint as Google's own clients do: `PUBSUB_EMULATOR_HOST` wins.
    ///
    /// - Throws: `.credentialsMissing` when neither an emulator nor credentials are there.
    package static func resolve(
        emulatorHost: String?, credentials: (any PubSubCredentials)?
    ) throws(DestinationConfigurationError) -> PubSubEndpoint {
        if let emulatorHost, !emulatorHost.isEmpty {
            guard emulatorHost.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !emulatorHost.contains("/") else {
                throw DestinationConfigurationError(
                    code: .malformedAddress,
                    message: "PUBSUB_EMULATOR_HOST: \"\(emulatorHost)\" cannot be used: HOST:PORT is needed")
            }
            return .emulator(host: emulatorHost)
        }
        guard let credentials else {
            throw DestinationConfigurationError(
                code: .credentialsMissing,
                message: "pubsub:// destinations need PUBSUB_EMULATOR_HOST, as this version has no Google credentials: "
                    + "set it to the emulator's HOST:PORT, or use a file:// destination")
        }
        return .google(credentials: credentials)
    }

    var url: String {
        switch self {
        case .emulator(let host): "http://\(host)"
        case .google: Self.googleURL
        }
    }

    var security: HTTPTransferRequest.Security {
        switch self {
        case .emulator: .plaintextHTTP2
        case .google: .tls
        }
    }
}
