/// Metadata of exporters that still send whole numbers in a field of its own.
enum LegacyMetadata {
    /// Moves `legacy_metadata` into `metadata` as doubles, where it replaces equal keys.
    static func migrate(_ event: inout Telemetrygateway_V1_Event) {
        guard event.hasParameters, !event.parameters.legacyMetadata.isEmpty else { return }
        for (key, value) in event.parameters.legacyMetadata {
            event.parameters.metadata[key] = Double(value)
        }
        event.parameters.legacyMetadata = [:]
    }
}
