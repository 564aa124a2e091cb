internal import SwiftProtobuf

/// A stream's `RecordEventsRequestMetadata`, decoded once per stream.
package struct StreamMetadata: Sendable, Hashable {
    /// The sender's own id of the request, for logs; may be empty.
    package let requestID: String
    private let resolved: Result<Identity, IdentityProblem>

    /// The source of a stream whose identity is not known.
    package static let unknownSource = "unknown"

    /// Decodes metadata.
    ///
    /// - Parameter bytes: an encoded `RecordEventsRequestMetadata`.
    /// - Throws: ``WireError`` when it does not decode. A scanner that returned these bytes has checked that.
    package init(bytes: [UInt8]) throws(WireError) {
        let decoded: Telemetrygateway_V1_RecordEventsRequestMetadata
        do {
            decoded = try Telemetrygateway_V1_RecordEventsRequestMetadata(serializedBytes: bytes)
        } catch {
            throw WireError(
                code: .malformed, message: "stream metadata does not decode (\(error)); send it as protobuf", offset: 0)
        }
        self.init(decoded)
    }

    init(_ metadata: Telemetrygateway_V1_RecordEventsRequestMetadata) {
        requestID = metadata.requestID
        resolved = Self.resolve(metadata)
    }

    /// Who sends, or why that is not known.
    package var identity: Identity {
        get throws(IdentityProblem) { try resolved.get() }
    }

    /// The value of `publisher.source`: `licensed_instance`, `unlicensed_instance` or the service id.
    package var source: String { (try? resolved.get())?.source ?? Self.unknownSource }

    /// Instance id or service id; empty when the identity is not known.
    package var client: String { (try? resolved.get())?.client ?? "" }

    private static func resolve(
        _ metadata: Telemetrygateway_V1_RecordEventsRequestMetadata
    ) -> Result<Identity, IdentityProblem> {
        guard metadata.hasIdentifier else { return .failure(.identifierMissing) }
        switch metadata.identifier.identifier {
        case .licensedInstance(let licensed):
            return .success(
                .licensedInstance(
                    licenseKey: licensed.licenseKey, instanceID: licensed.instanceID,
                    externalURL: licensed.externalURL))
        case .unlicensedInstance(let unlicensed):
            guard !unlicensed.instanceID.isEmpty else { return .failure(.instanceIDMissing) }
            return .success(
                .unlicensedInstance(instanceID: unlicensed.instanceID, externalURL: unlicensed.externalURL))
        case .managedService(let service):
            guard !service.serviceID.isEmpty else { return .failure(.serviceIDMissing) }
            return .success(
                .managedService(
                    serviceID: service.serviceID,
                    environment: service.hasServiceEnvironment ? service.serviceEnvironment : nil))
        case nil:
            return .failure(.identifierUnsupported)
        }
    }
}
