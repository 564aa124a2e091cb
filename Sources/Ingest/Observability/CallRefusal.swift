/// Why a call was refused as a whole: the label `reason` of `gateway_refused_calls_total`.
enum CallRefusal: String, CaseIterable, Sendable {
    /// The message is not the protobuf, or the HTTP body not the JSON, that it should be.
    case malformed
    /// Messages came in the wrong order, or one is missing.
    case protocolViolation = "protocol_violation"
    /// The sender does not say who it is.
    case identityMissing = "identity_missing"
    /// The licence key is not genuine, or refused by the operator.
    case licence
    /// The token is missing or malformed.
    case unauthenticated
    /// The token does not allow it.
    case permissionDenied = "permission_denied"
    /// The account service could not be asked.
    case accountServiceUnavailable = "account_service_unavailable"
    /// A message or what is left unread is above a limit.
    case tooLarge = "too_large"
    /// Undelivered events of this client take all of its share of the spool.
    case clientShare = "client_share"
    /// The spool has reached its quota, or its disk is full.
    case spoolFull = "spool_full"
    /// The spool could not make the batch durable.
    case spoolUnavailable = "spool_unavailable"
    /// The process is stopping.
    case shuttingDown = "shutting_down"
    /// The client went away, or its deadline passed.
    case cancelled
}
