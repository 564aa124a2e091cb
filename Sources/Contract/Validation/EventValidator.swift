internal import SwiftProtobuf

/// Applies the contract's rules to a decoded event: the slow path of the scanner, and its measure in tests.
package enum EventValidator {
    /// The first rule that the event breaks, in the order of the contract; nil for an acceptable event.
    package static func refusal(of event: Telemetrygateway_V1_Event) -> RefusalReason? {
        guard !event.id.isEmpty else { return .eventIDRequired }
        if let refusal = refusal(ofFeature: event.feature, action: event.action) { return refusal }
        guard event.hasTimestamp else { return .timestampRequired }
        guard TimestampRule.isExpressible(seconds: event.timestamp.seconds, nanoseconds: event.timestamp.nanos) else {
            return .timestampOutOfRange
        }
        guard isRenderable(event.parameters.privateMetadata) else { return .notRenderable }
        return nil
    }

    /// The first naming rule that the pair breaks; nil when both are fine.
    package static func refusal(ofFeature feature: String, action: String) -> RefusalReason? {
        var feature = feature
        var action = action
        return feature.withUTF8 { feature in
            action.withUTF8 { action in NameRule.refusal(feature: feature, action: action) }
        }
    }

    /// Whether JSON can express every value in it. Decoding limited the depth, so the recursion ends.
    private static func isRenderable(_ structure: Google_Protobuf_Struct) -> Bool {
        structure.fields.values.allSatisfy(isRenderable)
    }

    private static func isRenderable(_ value: Google_Protobuf_Value) -> Bool {
        switch value.kind {
        case .numberValue(let number): number.isFinite
        case .structValue(let structure): isRenderable(structure)
        case .listValue(let list): list.values.allSatisfy(isRenderable)
        case .nullValue, .stringValue, .boolValue: true
        case nil: false
        }
    }
}
