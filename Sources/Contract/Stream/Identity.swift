/// Who a stream says it comes from. Nothing in it is verified here: licence keys and tokens are the server's business.
package enum Identity: Sendable, Hashable {
    /// An instance with a licence key; instance id and external URL may be empty.
    case licensedInstance(licenseKey: String, instanceID: String, externalURL: String)
    /// An instance without a licence key; the instance id is not empty, the external URL may be.
    case unlicensedInstance(instanceID: String, externalURL: String)
    /// A managed service; the service id is not empty. The environment is nil when it was not sent.
    case managedService(serviceID: String, environment: String?)

    /// Whether a managed service sends; everything else is an instance.
    package var isManagedService: Bool {
        if case .managedService = self { return true }
        return false
    }

    /// The sender's kind or service, as in the routing attribute `publisher.source`.
    package var source: String {
        switch self {
        case .licensedInstance: "licensed_instance"
        case .unlicensedInstance: "unlicensed_instance"
        case .managedService(let serviceID, _): serviceID
        }
    }

    /// The one sender: instance id or service id.
    package var client: String {
        switch self {
        case .licensedInstance(_, let instanceID, _), .unlicensedInstance(let instanceID, _): instanceID
        case .managedService(let serviceID, _): serviceID
        }
    }
}
