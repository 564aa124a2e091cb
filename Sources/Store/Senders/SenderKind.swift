/// The kinds of senders. The names are stored.
package enum SenderKind: String, Sendable, Hashable, CaseIterable {
    /// An instance with a licence key.
    case licensedInstance = "licensed_instance"
    /// An instance without one.
    case unlicensedInstance = "unlicensed_instance"
    /// A managed service.
    case managedService = "managed_service"
    /// Somebody who did not say who it is.
    case unknown
}
