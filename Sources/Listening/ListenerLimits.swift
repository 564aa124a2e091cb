/// The named limits of the one port: no connection is held for nothing.
package struct ListenerLimits: Sendable, Hashable {
    /// Connections open at once; further ones are closed at once and counted.
    package var connections = 1024

    /// The standard limits.
    package init() {}
}
