internal import Contract

/// Lists in a response which of its events were recorded before.
enum DuplicateListing {
    /// Appends the ids of duplicates to an encoded response, which has them among its acknowledged ids already.
    /// - Parameters:
    ///   - duplicates: ordinals among the accepted events of the batch, ascending.
    ///   - refusals: positions among the acknowledged ids that belong to refused events, ascending.
    static func append(_ duplicates: [UInt32], skipping refusals: [UInt32], to response: inout [UInt8]) {
        var ids: [[UInt8]] = []
        var duplicate = 0
        var refusal = 0
        var position: UInt32 = 0
        AcknowledgedIDs.forEach(in: response) { id in
            defer { position += 1 }
            if refusal < refusals.count, refusals[refusal] == position {
                refusal += 1
                return
            }
            if duplicate < duplicates.count, duplicates[duplicate] == position - UInt32(refusal) {
                ids.append(Array(id))
                duplicate += 1
            }
        }
        for id in ids {
            id.withUnsafeBytes { ResponseEncoder.appendDuplicate($0, to: &response) }
        }
    }
}
