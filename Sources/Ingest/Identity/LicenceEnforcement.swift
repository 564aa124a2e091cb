/// What becomes of streams whose licence is genuine but expired, or made for installations that export nothing.
package enum LicenceEnforcement: String, Sendable, Hashable, CaseIterable {
    /// They are accepted.
    case off
    /// They are accepted, and logged.
    case warn
    /// They are refused.
    case enforce
}
