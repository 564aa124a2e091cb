internal import Contract

/// The values that the metric label `source` may have: clients choose service ids, and a label chosen by clients would
/// let them fill the memory of whoever scrapes.
struct SourceLabels: Sendable {
    /// A call whose sender is not known.
    static let invalid = "invalid"
    /// A managed service that the operator has not named.
    static let other = "other"

    private let services: Set<String>

    /// - Parameter services: the service ids that get a label of their own.
    init(services: [String]) {
        self.services = Set(services)
    }

    /// Every value, for metrics that are present at zero.
    var all: [String] { [Self.invalid, "licensed_instance", "unlicensed_instance", Self.other] + services.sorted() }

    /// The label of a sender.
    func label(of identity: Identity) -> String {
        guard case .managedService(let serviceID, _) = identity else { return identity.source }
        return services.contains(serviceID) ? serviceID : Self.other
    }
}
