internal import Contract
internal import SwiftProtobuf

/// Who the events are sent as.
package enum SenderIdentity: Sendable, Hashable {
    /// An instance without a licence key.
    case instance(id: String, externalURL: String)
    /// A managed service.
    case service(id: String)

    /// The encoded first message of a stream.
    package func message(requestID: String) throws(OperatorFailure) -> [UInt8] {
        var request = Telemetrygateway_V1_RecordEventsRequest()
        request.metadata.requestID = requestID
        switch self {
        case .instance(let id, let externalURL):
            request.metadata.identifier.unlicensedInstance.instanceID = id
            request.metadata.identifier.unlicensedInstance.externalURL = externalURL
        case .service(let id):
            request.metadata.identifier.managedService.serviceID = id
        }
        do {
            return try request.serializedBytes()
        } catch {
            throw OperatorFailure(.usage, "the sender's identity can not be encoded: \(error)")
        }
    }
}
