package import Transfer

/// One entry of `GATEWAY_DESTINATIONS`.
package enum DestinationAddress: Sendable, Hashable {
    /// NDJSON files in this directory; a relative path counts from the working directory.
    case file(directory: String)
    /// A Google Pub/Sub topic.
    case pubsub(project: String, topic: String)
    /// A receiver of HTTP requests.
    case webhook(PeerURL)
    /// A topic of Kafka; the broker, as HOST:PORT, knows the others.
    case kafka(broker: String, topic: String)

    /// What is allowed, for messages.
    package static let allowedForms =
        "file:///DIRECTORY (or file://RELATIVE/DIRECTORY), pubsub://PROJECT/TOPIC and https://HOST/PATH"
        + (KafkaSettings.isBuiltIn ? " and kafka://BROKER:PORT/TOPIC" : "")

    /// The URL of a receiver of HTTP requests; nil for the other kinds.
    package var webhook: PeerURL? {
        if case .webhook(let url) = self { url } else { nil }
    }

    /// Reads one address; surrounding spaces do not matter.
    package static func parse(_ text: String) throws(DestinationConfigurationError) -> DestinationAddress {
        let address = trimmed(text)
        if let directory = rest(of: address, after: "file://") {
            guard !directory.isEmpty else { throw malformed(address, "the directory is missing") }
            guard !directory.utf8.contains(0) else { throw malformed(address, "the directory contains a NUL byte") }
            return .file(directory: withoutTrailingSlashes(directory))
        }
        if let path = rest(of: address, after: "pubsub://") {
            let parts = path.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw malformed(address, "exactly one project and one topic are needed") }
            let (project, topic) = (String(parts[0]), String(parts[1]))
            guard isName(project, allowed: projectCharacters) else {
                throw malformed(address, "the project \"\(project)\" is not a Google Cloud project id")
            }
            guard isName(topic, allowed: topicCharacters), topic.utf8.count <= maximumTopicBytes else {
                throw malformed(address, "the topic \"\(topic)\" is not a Pub/Sub topic id")
            }
            return .pubsub(project: project, topic: topic)
        }
        if let path = rest(of: address, after: "kafka://") { return try kafka(path, in: address) }
        if address.hasPrefix("https://") || address.hasPrefix("http://") { return .webhook(try url(address)) }
        throw malformed(address, address.isEmpty ? "it is empty" : "its scheme is unknown")
    }

    /// Reads the comma list of `GATEWAY_DESTINATIONS`. All problems are reported at once; an address that appears twice
    /// is one of them, because its deliveries would be counted under one name.
    package static func parseList(
        _ text: String
    ) -> (addresses: [DestinationAddress], problems: [DestinationConfigurationError]) {
        var addresses: [DestinationAddress] = []
        var problems: [DestinationConfigurationError] = []
        for entry in text.split(separator: ",", omittingEmptySubsequences: false) {
            do throws(DestinationConfigurationError) {
                let address = try parse(String(entry))
                if addresses.contains(address) {
                    throw malformed(trimmed(String(entry)), "it is listed twice")
                }
                addresses.append(address)
            } catch {
                problems.append(error)
            }
        }
        return (addresses, problems)
    }

    private static func kafka(
        _ path: String, in address: String
    ) throws(DestinationConfigurationError) -> DestinationAddress {
        guard KafkaSettings.isBuiltIn else {
            throw malformed(address, "this build has no Kafka (it is built with --traits Kafka)")
        }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw malformed(address, "exactly one broker and one topic are needed") }
        let (broker, topic) = (String(parts[0]), String(parts[1]))
        guard isName(broker, allowed: brokerCharacters) else {
            throw malformed(address, "the broker \"\(broker)\" is not HOST:PORT")
        }
        guard isName(topic, allowed: kafkaTopicCharacters), topic.utf8.count <= maximumKafkaTopicBytes else {
            throw malformed(address, "the topic \"\(topic)\" is not a topic of Kafka")
        }
        return .kafka(broker: broker, topic: topic)
    }

    private static func url(_ address: String) throws(DestinationConfigurationError) -> PeerURL {
        do throws(PeerURL.Problem) {
            return try PeerURL(
                address, allowInsecure: false,
                adviceOnPlaintext: "sends events unencrypted: use https://, http:// is for this machine alone")
        } catch {
            // The address is not repeated: it may hold a password.
            throw DestinationConfigurationError(
                code: .malformedAddress,
                message: "GATEWAY_DESTINATIONS: an http address cannot be used: it \(error.message)"
                    + "; allowed are \(allowedForms)")
        }
    }

    private static let maximumTopicBytes = 255
    // Domain-scoped projects look like example.com:project.
    private static let projectCharacters = Set("abcdefghijklmnopqrstuvwxyz0123456789-.:".utf8)
    private static let topicCharacters = Set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~+%".utf8)

    private static let maximumKafkaTopicBytes = 249
    private static let kafkaTopicCharacters = Set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.".utf8)
    private static let brokerCharacters = Set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.:[]".utf8)

    private static func isName(_ text: String, allowed: Set<UInt8>) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { allowed.contains($0) }
    }

    private static func trimmed(_ text: String) -> String {
        let isSpace = { (character: Character) in character.isWhitespace }
        return String(text.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
    }

    private static func rest(of text: String, after prefix: String) -> String? {
        text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : nil
    }

    private static func withoutTrailingSlashes(_ path: String) -> String {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }

    private static func malformed(_ address: String, _ problem: String) -> DestinationConfigurationError {
        DestinationConfigurationError(
            code: .malformedAddress,
            message: "GATEWAY_DESTINATIONS: \"\(address)\" cannot be used: \(problem); allowed are \(allowedForms)")
    }
}
