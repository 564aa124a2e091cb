/// Who is told.
package struct AlertingSpec: Sendable, Equatable {
    static let keys = ["opsgenie", "slackChannel", "notificationChannels"]

    /// Whether critical alerts wake somebody.
    package var opsgenie: Bool
    /// The Slack channel; nil for `#alerts-SERVICE-ENVIRONMENT`.
    package var slackChannel: String?
    /// Google Cloud's names of the channels that its policies notify.
    package var notificationChannels: [String]

    init(_ section: SpecSection) {
        opsgenie = section.boolean("opsgenie", default: false)
        slackChannel = section.optionalText(
            "slackChannel", TextRule(allowed: "a channel, as in #alerts") { $0.wholeMatch(of: /#[a-z0-9_-]+/) != nil })
        notificationChannels = section.texts("notificationChannels", required: false, .notificationChannel)
    }
}
