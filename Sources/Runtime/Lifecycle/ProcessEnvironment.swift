// FoundationEssentials because Glibc's `environ` is a mutable global, which Swift 6 refuses to read.
internal import FoundationEssentials

/// The environment of this process.
package enum ProcessEnvironment {
    /// All variables by name.
    package static var current: [String: String] { ProcessInfo.processInfo.environment }
}
