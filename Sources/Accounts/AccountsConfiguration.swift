package import Runtime
internal import Secrets
internal import Transfer

/// Everything that can be set about the token check.
package struct AccountsConfiguration: Sendable {
    /// Whom to ask about tokens.
    package enum Introspection: Sendable, Hashable {
        /// The gRPC method below `apiURL`, with an own token from `tokenURL`.
        case sams(apiURL: AccountURL, tokenURL: AccountURL)
        /// The endpoint itself.
        case rfc7662(AccountURL)
    }

    /// Longest grace period that can be set.
    package static let maximumGrace = Duration.seconds(3600)
    /// The grace period where none is set.
    package static let standardGrace = Duration.seconds(300)

    static let insecureKey = "GATEWAY_ALLOW_INSECURE_ACCOUNT_SERVICE"
    private static let clientIDKey = "TELEMETRY_GATEWAY_SAMS_CLIENT_ID"
    private static let clientSecretKey = "TELEMETRY_GATEWAY_SAMS_CLIENT_SECRET"
    private static let accountsURLKey = "SAMS_URL"
    private static let apiURLKey = "TELEMETRY_GATEWAY_SAMS_SERVER_URL"
    private static let methodKey = "GATEWAY_TOKEN_INTROSPECTION"
    private static let introspectionURLKey = "GATEWAY_TOKEN_INTROSPECTION_URL"

    /// Who the gateway is.
    package var credentials: ClientCredentials
    /// Whom to ask.
    package var introspection: Introspection
    /// How long after its last verification a token is accepted while the account service can not be asked.
    package var grace: Duration

    /// Makes a configuration.
    package init(
        credentials: ClientCredentials, introspection: Introspection,
        grace: Duration = AccountsConfiguration.standardGrace
    ) {
        self.credentials = credentials
        self.introspection = introspection
        self.grace = grace
    }

    /// Declares and reads the keys. Nil when no credentials are set, and when there is a problem, which the reader reports:
    /// managed services are refused then.
    package init?(_ reader: inout ConfigurationReader) {
        let id = reader.optionalString(
            Self.clientIDKey,
            meaning: "Who the gateway is to the account service; without it, managed services are "
                + "refused.")
        let secret = reader.optionalString(
            Self.clientSecretKey, meaning: "The secret that belongs to the client id.", secret: true)
        let accountsURL = reader.string(
            Self.accountsURLKey, default: "https://accounts.sourcegraph.com",
            meaning: "The account service, https://HOST: gives the gateway its own token.")
        let apiURL = reader.optionalString(
            Self.apiURLKey,
            meaning: "Where the account service answers questions about tokens, when it is not SAMS_URL.")
        let method = reader.choice(
            Self.methodKey, default: IntrospectionMethod.sams,
            meaning: "How the account service is asked about a token: gRPC IntrospectToken, or RFC 7662.")
        let introspectionURL = reader.optionalString(
            Self.introspectionURLKey, meaning: "The introspection endpoint; for rfc7662 only.")
        let grace = reader.duration(
            "GATEWAY_TOKEN_GRACE", default: Self.standardGrace, in: .zero...Self.maximumGrace,
            meaning: "How long a verified token keeps working while the account service can not be asked.")
        let allowInsecure = reader.boolean(
            Self.insecureKey, default: false,
            meaning: "Take http:// URLs of account services on other hosts: tokens and secrets travel unencrypted.")

        let credentials = Self.credentials(id, secret, needed: introspectionURL != nil, &reader)
        let accounts = Self.url(Self.accountsURLKey, accountsURL, allowInsecure: allowInsecure, &reader)
        let api = apiURL.map { Self.url(Self.apiURLKey, $0, allowInsecure: allowInsecure, &reader) } ?? accounts
        let endpoint = introspectionURL.flatMap {
            Self.url(Self.introspectionURLKey, $0, allowInsecure: allowInsecure, &reader)
        }
        guard let credentials else { return nil }
        switch method {
        case .sams:
            if introspectionURL != nil {
                reader.addProblem(
                    key: Self.introspectionURLKey, message: "is set, but \(Self.methodKey) is not rfc7662: set both")
            }
            guard let accounts, let api else { return nil }
            introspection = .sams(apiURL: api, tokenURL: accounts.appending("/oauth/token"))
        case .rfc7662:
            if introspectionURL == nil {
                reader.addProblem(
                    key: Self.introspectionURLKey, message: "is not set, but \(Self.methodKey) is rfc7662: set it")
            }
            guard let endpoint else { return nil }
            introspection = .rfc7662(endpoint)
        }
        self.credentials = credentials
        self.grace = grace
    }

    var graceNanoseconds: Int64 { Int64(grace / .nanoseconds(1)) }

    private static func credentials(
        _ id: String?, _ secret: String?, needed: Bool, _ reader: inout ConfigurationReader
    ) -> ClientCredentials? {
        switch (id, secret) {
        case (let id?, let secret?): return ClientCredentials(id: id, secret: Secret(secret))
        case (_?, nil):
            // Set to a value that is not valid is a problem already.
            if reader.isSound(clientSecretKey) {
                reader.addProblem(key: clientSecretKey, message: "is not set, but \(clientIDKey) is: set both or none")
            }
        case (nil, _?):
            if reader.isSound(clientIDKey) {
                reader.addProblem(key: clientIDKey, message: "is not set, but \(clientSecretKey) is: set both or none")
            }
        case (nil, nil):
            if needed {
                reader.addProblem(
                    key: introspectionURLKey,
                    message: "is set, but \(clientIDKey) and \(clientSecretKey) are not: set all or none")
            }
        }
        return nil
    }

    private static func url(
        _ key: String, _ text: String, allowInsecure: Bool, _ reader: inout ConfigurationReader
    ) -> AccountURL? {
        do throws(AccountURL.Problem) {
            return try AccountURL(text, allowInsecure: allowInsecure)
        } catch {
            reader.addProblem(key: key, message: error.message)
            return nil
        }
    }
}
