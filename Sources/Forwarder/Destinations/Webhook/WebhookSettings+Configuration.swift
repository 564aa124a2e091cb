package import Runtime
internal import Transfer

extension WebhookSettings {
    /// Declares and reads the keys.
    package init(_ reader: inout ConfigurationReader) {
        self.init()
        secretFile = reader.optionalContentPath(
            Self.secretFileKey,
            meaning: "File of the secret that requests of https destinations are signed with (HMAC-SHA256).")
        tokenFile = reader.optionalContentPath(
            Self.tokenFileKey, meaning: "File of the bearer token of https destinations; read again when it changes.")
        compression = reader.choice(
            "GATEWAY_WEBHOOK_COMPRESSION", default: compression,
            meaning: "How bodies of https destinations are compressed.")
        requests.maximumBytes = reader.byteCount(
            "GATEWAY_WEBHOOK_MAXIMUM_BYTES", default: requests.maximumBytes, in: 1_000...64_000_000,
            meaning:
                "Lines in one request of an https destination, in bytes before compression; a longer line travels alone."
        )
        requests.maximumMessages = reader.integer(
            "GATEWAY_WEBHOOK_MAXIMUM_EVENTS", default: requests.maximumMessages, in: 1...100_000,
            meaning: "Events in one request of an https destination.")
    }

    /// What is wrong with these settings for these destinations, by key.
    package func problems(for destinations: [DestinationAddress]) -> [(key: String, message: String)] {
        let urls = destinations.compactMap(\.webhook)
        var problems: [(key: String, message: String)] = []
        guard let first = urls.first else { return problems }
        if let tokenFile {
            if urls.contains(where: { $0.authority != first.authority }) {
                problems.append(
                    (
                        Self.tokenFileKey,
                        "the token would go to several hosts: run one forwarder for each, or set no token"
                    ))
            }
            if case .failure(let problem) = SecretFile.token(tokenFile).read().result {
                problems.append((Self.tokenFileKey, problem.message))
            }
        }
        if let secretFile, case .failure(let problem) = SecretFile.secret(secretFile).read().result {
            problems.append((Self.secretFileKey, problem.message))
        }
        return problems
    }
}
