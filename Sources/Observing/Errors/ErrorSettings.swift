/// Where error events go.
package struct ErrorSettings: Sendable {
    /// The receiver.
    package var dsn: SentryDSN
    /// The receiver's name for this deployment; nil leaves it to the receiver.
    package var environment: String?
    /// The same error is told once in this time; how often it came again is told with the next one.
    package var interval = Duration.seconds(60)
    /// How many wait, and how they are sent.
    package var limits = OutboxLimits(capacity: 64, batch: 1, interval: .seconds(10), attempts: 3)

    /// Makes settings with the standard limits.
    package init(dsn: SentryDSN, environment: String?) {
        self.dsn = dsn
        self.environment = environment
    }
}
