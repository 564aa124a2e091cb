internal import Logging

/// What happens to the files of a `file` destination, as log lines.
struct FileDestinationLog: Sendable {
    let logger: Logger

    /// Writes one event; called on the writing thread.
    func record(_ event: FileDestinationEvent) {
        switch event {
        case .finished(let path, let bytes):
            logger.debug("file finished", metadata: ["path": "\(path)", "bytes": "\(bytes)"])
        case .repaired(let path, let bytes, let cutBytes):
            logger.notice(
                "a file of a crashed process is finished",
                metadata: ["path": "\(path)", "bytes": "\(bytes)", "torn_bytes_removed": "\(cutBytes)"])
        case .finishFailed(let path, let reason):
            logger.error(
                "a file can not be finished yet; its lines are safe and it is tried again",
                metadata: ["path": "\(path)", "error": "\(reason)", "code": "file_not_finished"])
        case .abandoned(let path, let reason):
            logger.error(
                "a file ends in a torn line; it is mended at the next start",
                metadata: ["path": "\(path)", "error": "\(reason)", "code": "file_torn"])
        }
    }
}
