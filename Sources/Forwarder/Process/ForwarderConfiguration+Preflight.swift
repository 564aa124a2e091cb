package import Runtime

extension ForwarderConfiguration {
    /// What pages and requests of one destination may take, roughly (bytes).
    private static let destinationBytes: UInt64 = 128 << 20

    /// What is compared with the machine.
    package var preflight: PreflightSettings {
        var files: [PreflightSettings.File] = []
        func add(_ key: String, _ path: String?) {
            if let path { files.append(PreflightSettings.File(key: key, path: path, isSecret: true)) }
        }
        add(WebhookSettings.secretFileKey, destinationSettings.webhook.secretFile)
        add(WebhookSettings.tokenFileKey, destinationSettings.webhook.tokenFile)
        add(KafkaSettings.propertiesFileKey, destinationSettings.kafka.propertiesFile)
        if case .keyFile(let path) = destinationSettings.pubsub.credentials { add(PubSubSettings.keyFileKey, path) }
        return PreflightSettings(
            space: retention.spool, allowsNetworkFileSystem: allowsNetworkFileSystem,
            bufferBytes: UInt64(destinations.count) * Self.destinationBytes, files: files)
    }
}
