/// How a platform asks an instance whether it lives. Seconds.
package struct ProbeSpec: Sendable, Equatable {
    static let keys = ["healthzProbes", "timeout", "startupInterval", "livenessInterval"]
    /// Failures in a row before a platform acts.
    static let failureThreshold = 3

    /// Whether the endpoints of this project are asked; false leaves it to the platform's own look at the port.
    package var enabled: Bool
    package var timeout: Int
    package var startupInterval: Int
    package var livenessInterval: Int

    init(_ section: SpecSection) {
        enabled = section.boolean("healthzProbes", default: true)
        timeout = section.integer("timeout", in: 1...240, default: 3)
        startupInterval = section.integer("startupInterval", in: 1...240, default: timeout)
        livenessInterval = section.integer("livenessInterval", in: 1...3600, default: min(10 * timeout, 3600))
        if startupInterval < timeout { section.problem("startupInterval", "is shorter than the timeout of \(timeout)") }
        if livenessInterval < timeout {
            section.problem("livenessInterval", "is shorter than the timeout of \(timeout)")
        }
    }

    /// The longest start that is not alerted on, in seconds.
    package var startupLimit: Int { enabled ? Self.failureThreshold * startupInterval : 240 }
}
