package import Store

/// Why a command was not carried out.
package struct ControlFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of failure; the raw values go over the control socket.
    package enum Code: String, Sendable, Hashable, CaseIterable {
        /// The command can not be understood.
        case invalid
        /// No destination has that name.
        case unknownDestination = "unknown_destination"
        /// There is nothing of that number that the command could change.
        case notFound = "not_found"
        /// The command needs a running forwarder, and none runs.
        case notRunning = "not_running"
        /// The ledger is held by a process that does not answer on its control socket.
        case unreachable
        /// The forwarder did not answer in time; the command may have been carried out.
        case timeout
        /// Forwarder and gatewayctl are of different versions.
        case versionMismatch = "version_mismatch"
        /// An event can not be edited as told; nothing was changed.
        case editFailed = "edit_failed"
        /// A bound is reached; nothing was changed.
        case full
        /// The ledger or the spool failed.
        case storeFailed = "store_failed"
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

    /// A failure of the store.
    package init(_ error: StoreError) {
        self.init(error.code == .full ? .full : .storeFailed, error.message)
    }

    package var description: String { message }

    /// The status of an HTTP answer that says so.
    package var httpStatus: Int {
        switch code {
        case .invalid, .unknownDestination, .notFound, .editFailed, .versionMismatch: 400
        case .full: 429
        case .notRunning, .unreachable, .timeout: 503
        case .storeFailed: 500
        }
    }
}
