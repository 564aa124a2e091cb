package import Forwarder
internal import Runtime
package import Store

/// Why a command could not do what it was asked to do, or why the answer is no.
package struct OperatorFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of failure, by the code that the process ends with.
    package struct Code: Sendable, Hashable {
        /// A stable snake_case name.
        package let name: String
        /// The exit code of the process.
        package let exitCode: Int32

        /// The command worked, and the answer is no: events were refused, or lines could not be sent.
        package static let refused = Code(name: "refused", exitCode: 1)
        /// The command line can not be obeyed.
        package static let usage = Code(name: "usage", exitCode: Runtime.ExitCode.usage.rawValue)
        /// The server does not answer, or not any more.
        package static let unreachable = Code(name: "unreachable", exitCode: Runtime.ExitCode.unavailable.rawValue)
        /// A specification of what is deployed is wrong.
        package static let specification = Code(
            name: "specification", exitCode: Runtime.ExitCode.configuration.rawValue)
        /// A file can not be read or written.
        package static let ioError = Code(name: "io", exitCode: Runtime.ExitCode.ioError.rawValue)
    }

    /// What kind of failure it is.
    package let code: Code
    /// What failed, where, and what to do about it.
    package let message: String

    /// Makes a failure from its parts.
    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// A failure of the store, with the exit code that the other processes end with for it.
    package init(_ error: StoreError) {
        self.init(Code(name: "store_" + error.code.description, exitCode: error.exitCode.rawValue), error.message)
    }

    /// A command that was not carried out.
    package init(_ failure: ControlFailure) {
        let exit: Int32 =
            switch failure.code {
            case .invalid, .unknownDestination: Runtime.ExitCode.usage.rawValue
            case .notRunning, .unreachable, .timeout, .versionMismatch: Runtime.ExitCode.unavailable.rawValue
            case .storeFailed: Runtime.ExitCode.ioError.rawValue
            case .editFailed, .full, .notFound: Code.refused.exitCode
            }
        self.init(Code(name: "control_" + failure.code.rawValue, exitCode: exit), failure.message)
    }

    package var description: String { message }
}
