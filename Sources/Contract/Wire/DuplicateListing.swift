/// Lists in a response which of its events were recorded before.
package enum DuplicateListing {
    /// Appends the ids of duplicates to a response that a scan built, which has them among its acknowledged ids already.
    /// - Parameters:
    ///   - duplicates: ordinals among the accepted events of the batch, ascending.
    ///   - refusals: positions among the acknowledged ids that belong to refused events, ascending.
    package static func append(_ duplicates: [UInt32], skipping refusals: [UInt32], to response: inout [UInt8]) {
        // Their own array, because the ids are read from the one that grows.
        var listed: [UInt8] = []
        response.withUnsafeBytes { response in
            var duplicate = 0
            var refusal = 0
            var position: UInt32 = 0
            ResponseEncoder.forEachSucceeded(in: response) { id in
                defer { position += 1 }
                if refusal < refusals.count, refusals[refusal] == position {
                    refusal += 1
                } else if duplicate < duplicates.count, duplicates[duplicate] == position - UInt32(refusal) {
                    ResponseEncoder.appendDuplicate(id, to: &listed)
                    duplicate += 1
                }
            }
        }
        response += listed
    }
}
