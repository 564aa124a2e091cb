internal import CSupport

/// What the kernel knows about the clock.
package enum HostClock {
    /// Whether something keeps the clock right; nil when the kernel does not say.
    package static var isSynchronized: Bool? {
        switch gateway_clock_is_synchronized() {
        case 1: true
        case 0: false
        default: nil
        }
    }
}
