internal import SwiftProtobuf

extension Telemetrygateway_V1_Event {
    /// Takes over what `other` has in fields that this version's contract does not know: JSON has no place for it.
    /// - Parameter isKept: whether the message at a place is still the same one.
    mutating func takeUnknownFields(of other: Telemetrygateway_V1_Event, where isKept: ([String]) -> Bool) {
        unknownFields = other.unknownFields
        func take<Inner: Message>(_ inner: inout Inner, _ old: Inner, _ place: String...) {
            if isKept(place) { inner.unknownFields = old.unknownFields }
        }
        if hasTimestamp { take(&timestamp, other.timestamp, "timestamp") }
        if hasSource {
            take(&source, other.source, "source")
            if source.hasServer { take(&source.server, other.source.server, "source", "server") }
            if source.hasClient { take(&source.client, other.source.client, "source", "client") }
        }
        if hasParameters {
            take(&parameters, other.parameters, "parameters")
            if parameters.hasBillingMetadata {
                take(
                    &parameters.billingMetadata, other.parameters.billingMetadata, "parameters", "billingMetadata")
            }
        }
        if hasUser { take(&user, other.user, "user") }
        if hasFeatureFlags { take(&featureFlags, other.featureFlags, "featureFlags") }
        if hasMarketingTracking { take(&marketingTracking, other.marketingTracking, "marketingTracking") }
        if hasInteraction {
            take(&interaction, other.interaction, "interaction")
            if interaction.hasGeolocation {
                take(&interaction.geolocation, other.interaction.geolocation, "interaction", "geolocation")
            }
        }
    }
}
