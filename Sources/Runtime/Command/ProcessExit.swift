internal import Glibc

/// What a process prints and with which code it ends when it does not run.
package struct ProcessExit: Error, Sendable, Equatable {
    /// The code to end with.
    package var code: ExitCode
    /// Text for standard output, with its last newline; may be empty.
    package var standardOutput: String
    /// Text for standard error, with its last newline; may be empty.
    package var standardError: String

    package init(code: ExitCode, standardOutput: String = "", standardError: String = "") {
        self.code = code
        self.standardOutput = standardOutput
        self.standardError = standardError
    }

    /// The end of a process because of an error that nobody handled.
    package init(process: String, error: any Error) {
        self.init(code: ProcessRunner.exitCode(for: error), standardError: "\(process): \(error)\n")
    }

    /// Prints both texts and ends the process.
    package func perform() -> Never {
        FileDescriptorOutput.write(Array(standardOutput.utf8), to: STDOUT_FILENO)
        FileDescriptorOutput.write(Array(standardError.utf8), to: STDERR_FILENO)
        exit(code.rawValue)
    }
}
