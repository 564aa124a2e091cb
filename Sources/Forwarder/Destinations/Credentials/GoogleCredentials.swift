internal import Runtime
package import Transfer

/// Tokens for Google's Pub/Sub: from the key of a service account, or from the metadata server of the machine.
package final class GoogleCredentials: PubSubCredentials {
    /// Whom the tokens are for.
    static let audience = "https://pubsub.googleapis.com/"
    /// After a failed attempt, nothing is asked for this long, in nanoseconds.
    static let interval: Int64 = 10_000_000_000

    /// Where tokens come from.
    package enum Source: Sendable, Hashable {
        /// The file of a service account's key. It is read again when it changes.
        case keyFile(String)
        /// The metadata server, as HOST or HOST:PORT.
        case metadataServer(String)
    }

    private let tokens: TokenSource<DeliveryError>
    private let keyFile: WatchedFile<ServiceAccountKey>?
    private let lastKey = Changes()

    /// - Parameters:
    ///   - wallClock: nanoseconds since 1970.
    ///   - monotonicClock: nanoseconds that never go back.
    package init(
        source: Source, exchange: @escaping HTTPExchange,
        wallClock: @escaping @Sendable () -> Int64 = { WallClock.now() },
        monotonicClock: @escaping @Sendable () -> Int64 = { WallClock.monotonic() }
    ) {
        let fetch: @Sendable () async -> Result<TokenSource<DeliveryError>.Grant, DeliveryError>
        switch source {
        case .keyFile(let path):
            let file = Self.watched(path)
            keyFile = file
            fetch = { Self.sign(with: file, now: wallClock()) }
        case .metadataServer(let host):
            let server = MetadataServer(host: host, exchange: exchange)
            keyFile = nil
            fetch = { await server.token(now: wallClock()) }
        }
        tokens = TokenSource(
            interval: Self.interval, monotonic: monotonicClock,
            stopped: DeliveryError(
                code: .shutDown, scope: .local, isRetriable: true, message: "the credentials are shut down"),
            fetch: fetch)
    }

    /// Reads the key file once.
    ///
    /// - Throws: `.unusableCredentials` with what is wrong.
    package static func check(keyFile path: String) throws(DestinationConfigurationError) {
        if case .failure(let problem) = watched(path).read().result {
            throw DestinationConfigurationError(
                code: .unusableCredentials, message: "\(PubSubSettings.keyFileKey): \(problem.message)")
        }
    }

    package func token() async throws(DeliveryError) -> TokenSource<DeliveryError>.Token {
        if let keyFile, lastKey.isNew(keyFile.read().number) { tokens.renew() }
        return try await tokens.token()
    }

    package func discard(_ token: TokenSource<DeliveryError>.Token) -> Bool { tokens.discard(token) }

    package func shutdown() async { await tokens.shutdown() }

    private static func watched(_ path: String) -> WatchedFile<ServiceAccountKey> {
        WatchedFile(path: path, maximumBytes: ServiceAccountKey.maximumFileBytes) { bytes in
            do throws(WatchedFile<ServiceAccountKey>.Problem) {
                return .success(try ServiceAccountKey(json: bytes))
            } catch {
                return .failure(error)
            }
        }
    }

    private static func sign(
        with file: WatchedFile<ServiceAccountKey>, now: Int64
    ) -> Result<TokenSource<DeliveryError>.Grant, DeliveryError> {
        switch file.read().result {
        case .failure(let problem): return .failure(unusable(problem.message))
        case .success(let key):
            do {
                let token = try key.token(for: audience, now: now)
                return .success(.init(value: token, lifetime: ServiceAccountKey.tokenSeconds * 1_000_000_000))
            } catch {
                return .failure(unusable("\(file.path): its key does not sign"))
            }
        }
    }

    private static func unusable(_ message: String) -> DeliveryError {
        DeliveryError(
            code: .unauthenticated, scope: .destination, isRetriable: false,
            message: "\(PubSubSettings.keyFileKey): \(message)")
    }
}
