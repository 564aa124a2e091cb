/// What the contract allows at a place in an event: so that a misspelt path is found before anything is edited.
indirect enum EventShape: Sendable {
    /// A message with the members that protojson writes.
    case message([String: EventShape])
    /// A map: any key, each value of the same shape.
    case map(EventShape)
    /// A value of `google.protobuf.Struct`: anything.
    case anything
    /// A text, a number or a time.
    case scalar

    /// An event.
    static let event = EventShape.message([
        "id": .scalar, "timestamp": .scalar, "feature": .scalar, "action": .scalar,
        "source": .message([
            "server": texts(["version"]), "client": texts(["name", "version"]),
        ]),
        "parameters": .message([
            "version": .scalar, "legacyMetadata": .map(.scalar), "privateMetadata": .map(.anything),
            "billingMetadata": texts(["product", "category"]), "metadata": .map(.scalar),
        ]),
        "user": texts(["userId", "anonymousUserId", "samsExternalId"]),
        "featureFlags": .message(["flags": .map(.scalar)]),
        "marketingTracking": texts([
            "url", "firstSourceUrl", "cohortId", "referrer", "lastSourceUrl", "deviceSessionId", "sessionReferrer",
            "sessionFirstUrl",
        ]),
        "interaction": .message([
            "traceId": .scalar, "interactionId": .scalar, "geolocation": texts(["countryCode"]),
        ]),
    ])

    private static func texts(_ names: [String]) -> EventShape {
        .message(Dictionary(names.map { ($0, .scalar) }) { first, _ in first })
    }

    /// The name as protojson writes it: `private_metadata` is `privateMetadata`.
    static func camelCase(_ name: String) -> String {
        var result = ""
        var isAfterUnderscore = false
        for character in name {
            if character == "_" {
                isAfterUnderscore = true
            } else {
                result += isAfterUnderscore ? character.uppercased() : String(character)
                isAfterUnderscore = false
            }
        }
        return result
    }
}
