/// Within which events with the same id are the same event: those of one sender.
///
/// An event's fingerprint is two hashes over scope and id with a seed of this process: nobody can choose ids that
/// collide, and the numbers mean nothing to another process.
package struct SenderScope: Sendable {
    /// Has taken in all that says who the sender is; a copy goes on from there for each event.
    private let sender: Hasher

    /// The kinds of senders. Two kinds never share a scope, whatever ids they give themselves.
    private enum Kind: UInt8 {
        case licensedInstance, namelessInstance, unlicensedInstance, managedService
    }

    /// The scope of a sender: its kind and its id. An instance that has a licence key and no id is known by the key and
    /// the URL.
    package init(_ identity: Identity) {
        let kind: Kind
        let names: [String]
        switch identity {
        case .licensedInstance(let licenseKey, let instanceID, let externalURL) where instanceID.isEmpty:
            kind = .namelessInstance
            names = [licenseKey, externalURL]
        case .licensedInstance(_, let instanceID, _):
            kind = .licensedInstance
            names = [instanceID]
        case .unlicensedInstance(let instanceID, _):
            kind = .unlicensedInstance
            names = [instanceID]
        case .managedService(let serviceID, _):
            kind = .managedService
            names = [serviceID]
        }
        var hasher = Hasher()
        hasher.combine(kind.rawValue)
        for name in names {
            // Bytes, not characters: equality of Swift strings is canonical equivalence.
            hasher.combine(name.utf8.count)
            for byte in name.utf8 { hasher.combine(byte) }
        }
        sender = hasher
    }

    /// The fingerprint of an event with this id.
    @inline(__always)
    func fingerprint(ofID id: UnsafeRawBufferPointer) -> (UInt64, UInt64) {
        var hasher = sender
        hasher.combine(bytes: id)
        // Two results from one state, which is 256 bits wide.
        var other = hasher
        other.combine(UInt8.max)
        return (UInt64(truncatingIfNeeded: hasher.finalize()), UInt64(truncatingIfNeeded: other.finalize()))
    }

    /// The fingerprint that a scan in this scope notes for an accepted event.
    ///
    /// - Parameter event: an encoded `Event`.
    /// - Returns: nil for an event without an id, and for bytes that are no protobuf message.
    package func fingerprint(of event: UnsafeRawBufferPointer) -> (UInt64, UInt64)? {
        WireScanner.eventID(of: event).map(fingerprint(ofID:))
    }
}
