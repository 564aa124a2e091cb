internal import Contract
internal import Store

/// A sender that may send: who it is, and what its events are stored and scanned with.
struct AdmittedSender: Sendable {
    /// Who it says it is, verified as far as its kind allows.
    let identity: Identity
    /// Its licence, if it has one.
    let licence: AdmittedLicence?
    /// The sender's own id of the call, for logs; may be empty.
    let requestID: String
    /// Where its batches belong in the spool.
    let stream: StreamHandle
    /// What the scanner must know of it.
    let scope: StreamScope

    /// Whether refused events are acknowledged: instances resend for ever what is not, a managed service can mend its
    /// event and send it again (reference 1.7).
    var acknowledgesRefused: Bool { !identity.isManagedService }
}
