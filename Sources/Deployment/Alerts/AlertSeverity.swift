/// How much an alert matters.
package enum AlertSeverity: String, Sendable {
    /// Somebody looks at it in working hours.
    case warning
    /// Somebody looks at it now.
    case critical
}
