extension EventFacts {
    /// The first rule that the event breaks, in the order of the contract, as far as its own fields tell.
    @inline(__always)
    var refusal: RefusalReason? {
        guard !id.isEmpty else { return .eventIDRequired }
        if let refusal = NameRule.refusal(feature: feature, action: action) { return refusal }
        guard hasTimestamp else { return .timestampRequired }
        guard TimestampRule.isExpressible(seconds: seconds, nanoseconds: nanoseconds) else {
            return .timestampOutOfRange
        }
        return nil
    }
}
