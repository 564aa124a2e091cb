internal import Contract
internal import Runtime
internal import Store

/// Decides about a sender from its metadata, the same way for streams, single calls and HTTP.
struct SenderAdmission: Sendable {
    let policy: IdentityPolicy
    let limits: IngestLimits

    /// Admits the sender of a call. Single calls are for managed services only: instances have their own queue and the
    /// stream.
    /// - Parameters:
    ///   - bytes: an encoded `RecordEventsRequestMetadata`.
    ///   - call: told who claims to send, before that is checked, and who may.
    func admit(
        metadata bytes: [UInt8], headers: CallHeaders, as origin: StreamRecord.Origin, for call: CallRecord
    ) async throws(IngestFailure) -> AdmittedSender {
        let metadata = try decode(bytes)
        let identity = try policy.identity(of: metadata)
        call.claimed(by: identity)
        if origin == .unary, !identity.isManagedService { throw .unsupportedIdentifier }
        let licence = try await policy.admit(identity, authorization: headers.authorization)
        let sender = open(bytes, metadata, identity, licence, origin, headers)
        call.admitted(sender)
        return sender
    }

    /// Opens a stream for a sender whose token was checked before its body was read.
    func openAuthorised(metadata bytes: [UInt8], headers: CallHeaders) throws(IngestFailure) -> AdmittedSender {
        let metadata = try decode(bytes)
        return open(bytes, metadata, try policy.identity(of: metadata), nil, .http, headers)
    }

    private func decode(_ bytes: [UInt8]) throws(IngestFailure) -> StreamMetadata {
        guard bytes.count <= limits.metadataBytes else {
            throw .metadataTooLong(bytes.count, limit: limits.metadataBytes)
        }
        do throws(WireError) {
            return try StreamMetadata(bytes: bytes)
        } catch {
            throw .malformed(error)
        }
    }

    private func open(
        _ bytes: [UInt8], _ metadata: StreamMetadata, _ identity: Identity, _ licence: AdmittedLicence?,
        _ origin: StreamRecord.Origin, _ headers: CallHeaders
    ) -> AdmittedSender {
        let scope = StreamScope(identity: identity, metadata: bytes, migratesLegacyMetadata: origin != .unary)
        let record = StreamRecord(
            client: identity.client, source: identity.source, metadata: bytes, openedAt: WallClock.now(),
            origin: origin, traceparent: headers.traceparent)
        return AdmittedSender(
            identity: identity, licence: licence, requestID: metadata.requestID, stream: StreamHandle(record),
            scope: scope)
    }
}
