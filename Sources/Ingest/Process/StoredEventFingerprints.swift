internal import Contract
internal import Store

/// The fingerprints of events that are in the spool already: the same that a scan notes for events that arrive.
enum StoredEventFingerprints {
    /// From the bytes of an event of this stream to its fingerprint. Streams whose sender is not to be known have none.
    static func function(of stream: StreamRecord) -> DuplicateDetection.EventFingerprint {
        guard let metadata = try? StreamMetadata(bytes: stream.metadata), let identity = try? metadata.identity else {
            return { _ in nil }
        }
        let scope = SenderScope(identity)
        return { scope.fingerprint(of: $0) }
    }
}
