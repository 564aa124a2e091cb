/// Why a well-formed event is not accepted. Such an event is never dropped: it goes to quarantine with its reason.
package struct RefusalReason: Sendable, Hashable, CustomStringConvertible {
    /// The class of the reason; raw values are stored in rows and used as metric labels, so they never change.
    package enum Code: String, Sendable, Hashable, CaseIterable {
        case eventIDRequired = "event_id_required"
        case featureActionRequired = "feature_action_required"
        case featureActionTooLong = "feature_action_too_long"
        case featureActionMalformed = "feature_action_malformed"
        case timestampRequired = "timestamp_required"
        case timestampOutOfRange = "timestamp_out_of_range"
        case notRenderable = "not_renderable"
        case oversized
    }

    /// One byte per exact text, so that a reason is cheap to carry around on the hot path.
    private enum Rule: UInt8 {
        case eventID, featureMissing, actionMissing, featureLength, actionLength, featurePattern, actionPattern,
            timestamp, timestampRange
        case rendering, size
    }

    private let rule: Rule

    private init(_ rule: Rule) {
        self.rule = rule
    }

    package static let eventIDRequired = RefusalReason(.eventID)
    /// No feature, and perhaps no action either.
    package static let featureRequired = RefusalReason(.featureMissing)
    /// A feature and no action.
    package static let actionRequired = RefusalReason(.actionMissing)
    package static let featureTooLong = RefusalReason(.featureLength)
    package static let actionTooLong = RefusalReason(.actionLength)
    package static let featureMalformed = RefusalReason(.featurePattern)
    package static let actionMalformed = RefusalReason(.actionPattern)
    package static let timestampRequired = RefusalReason(.timestamp)
    package static let timestampOutOfRange = RefusalReason(.timestampRange)
    package static let notRenderable = RefusalReason(.rendering)
    /// The message that destinations would get has ``RenderedSizeLimit/standardMessageBytes`` or more. Such an event is
    /// acknowledged to everybody.
    package static let oversized = RefusalReason(.size)

    /// Whether even a sender who could mend the event is told that it is recorded: the service that this one replaces
    /// pretended that it had published events that are too large (reference 1.7).
    package var isAlwaysAcknowledged: Bool { self == .oversized }

    package var code: Code {
        switch rule {
        case .eventID: .eventIDRequired
        case .featureMissing, .actionMissing: .featureActionRequired
        case .featureLength, .actionLength: .featureActionTooLong
        case .featurePattern, .actionPattern: .featureActionMalformed
        case .timestamp: .timestampRequired
        case .timestampRange: .timestampOutOfRange
        case .rendering: .notRenderable
        case .size: .oversized
        }
    }

    /// The field at fault, in proto spelling; empty when it is the event as a whole.
    package var field: String {
        switch rule {
        case .eventID: "id"
        case .featureMissing, .featureLength, .featurePattern: "feature"
        case .actionMissing, .actionLength, .actionPattern: "action"
        case .timestamp, .timestampRange: "timestamp"
        case .rendering: "parameters.private_metadata"
        case .size: ""
        }
    }

    /// The stable name for rows and metrics, in snake case.
    package var name: String { code.rawValue }

    /// The text for people; the service that this one replaces uses the same words.
    package var message: String {
        switch rule {
        case .eventID: "event ID is required"
        case .featureMissing, .actionMissing: Self.namePrefix + "'feature', 'action' must both be provided"
        case .featureLength: Self.namePrefix + "'feature' must be less than 64 characters"
        case .actionLength: Self.namePrefix + "'action' must be less than 64 characters"
        case .featurePattern: Self.namePrefix + "'feature' " + Self.pattern
        case .actionPattern: Self.namePrefix + "'action' " + Self.pattern
        case .timestamp: "event timestamp is required"
        case .timestampRange:
            "marshalling event: timestamp is not within 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999999Z"
        case .rendering:
            "marshalling event: private_metadata has a value without a kind, or a number that JSON cannot express"
        case .size:
            "the event has \(RenderedSizeLimit.standardMessageBytes) bytes or more as JSON with the stream's metadata, and "
                + "destinations take less; send less in parameters.private_metadata, or several events"
        }
    }

    private static let namePrefix = "invalid event 'feature' or 'action': "
    private static let pattern = "must start with a lowercase letter and contain only letters, dashes, and dots"

    package var description: String { message }
}
