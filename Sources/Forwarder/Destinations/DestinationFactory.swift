package import Transfer

/// Makes destinations from their addresses; owns nothing.
package struct DestinationFactory: Sendable {
    private let emulatorHost: String?
    private let credentials: (any PubSubCredentials)?
    private let fileSettings: FileDestinationSettings

    /// - Parameters:
    ///   - emulatorHost: the value of `PUBSUB_EMULATOR_HOST`, if set.
    ///   - credentials: for Google's Pub/Sub; nil until this version has some.
    package init(
        emulatorHost: String?, credentials: (any PubSubCredentials)? = nil,
        fileSettings: FileDestinationSettings = FileDestinationSettings()
    ) {
        self.emulatorHost = emulatorHost
        self.credentials = credentials
        self.fileSettings = fileSettings
    }

    /// Checks the address without opening anything, for `--check-config`.
    package func check(_ address: DestinationAddress) throws(DestinationConfigurationError) {
        if case .pubsub = address { _ = try endpoint() }
    }

    /// Opens the destination. `transfers` is shared by all and stays the caller's to shut down, after the destinations.
    package func open(
        _ address: DestinationAddress, transfers: CurlTransfers
    ) throws(DestinationConfigurationError) -> any Destination {
        switch address {
        case .file(let directory):
            try FileDestination(directory: directory, settings: fileSettings)
        case .pubsub(let project, let topic):
            PubSubDestination(project: project, topic: topic, endpoint: try endpoint(), transfers: transfers)
        }
    }

    private func endpoint() throws(DestinationConfigurationError) -> PubSubEndpoint {
        try PubSubEndpoint.resolve(emulatorHost: emulatorHost, credentials: credentials)
    }
}
