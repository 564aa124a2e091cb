internal import Transfer

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
    /// - Throws: `.malformedAddress` when that is no HOST:PORT.
    package static func resolve(
        emulatorHost: String?, credentials: @autoclosure () -> any PubSubCredentials
    ) throws(DestinationConfigurationError) -> PubSubEndpoint {
        if let emulatorHost, !emulatorHost.isEmpty {
            guard emulatorHost.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !emulatorHost.contains("/") else {
                throw DestinationConfigurationError(
                    code: .malformedAddress,
                    message: "PUBSUB_EMULATOR_HOST: \"\(emulatorHost)\" cannot be used: HOST:PORT is needed")
            }
            return .emulator(host: emulatorHost)
        }
        return .google(credentials: credentials())
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
