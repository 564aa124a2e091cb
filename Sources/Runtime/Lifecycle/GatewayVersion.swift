/// The version of this project.
package enum GatewayVersion {
    /// Semantic version of all three executables.
    package static let current = "0.1.0"
}
