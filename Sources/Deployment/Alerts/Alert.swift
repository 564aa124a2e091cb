/// One thing that people are told about, wherever the service is deployed.
package struct Alert: Sendable, Equatable {
    /// Stable, in lower case with dashes.
    package var id: String
    /// Its name for people; that of the platform before, where it had the alert.
    package var title: String
    package var severity: AlertSeverity
    /// What has happened, in one or two sentences.
    package var meaning: String
    /// What to do, in order.
    package var steps: [String]
    /// True while it is to fire, in PromQL.
    package var expression: String
    /// How long that must last, as Prometheus writes it; nil for at once.
    package var duration: String?
    /// The same from what Google Cloud measures; nil where only the service itself knows.
    package var google: GoogleCondition?

    /// The name of the Prometheus rule: letters only.
    package var ruleName: String {
        title.split { !$0.isLetter && !$0.isNumber }.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }
}
