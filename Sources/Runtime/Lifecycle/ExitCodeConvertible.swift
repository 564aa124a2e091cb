/// An error that knows with which code the process should end.
package protocol ExitCodeConvertible: Error {
    /// The code to end with when this error ends the process.
    var exitCode: ExitCode { get }
}
