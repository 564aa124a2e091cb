internal import Glibc

/// The first line on standard output: tells whoever started the process that it is ready, and on which port.
package enum ReadyLine {
    /// The line, with its newline: one JSON object.
    package static func text(process: String, port: Int, processID: Int32) -> String {
        var line: [UInt8] = Array("{\"message\":\"listening\",\"port\":\(port),\"process\":".utf8)
        JSONText.appendQuoted(process, to: &line)
        line += Array(",\"version\":".utf8)
        JSONText.appendQuoted(GatewayVersion.current, to: &line)
        line += Array(",\"pid\":\(processID)}\n".utf8)
        return String(decoding: line, as: UTF8.self)
    }

    /// Writes the line with one write(2), so that it is on its way when this returns.
    ///
    /// - Parameter descriptor: standard output unless a test says otherwise.
    /// - Returns: false when nobody can read it any more, which is no reason to stop serving.
    @discardableResult
    package static func write(process: String, port: Int, to descriptor: Int32 = STDOUT_FILENO) -> Bool {
        StartupTime.markReady()
        let line = text(process: process, port: port, processID: getpid())
        return FileDescriptorOutput.write(Array(line.utf8), to: descriptor)
    }
}
