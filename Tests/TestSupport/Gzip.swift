internal import Foundation

/// Compresses and expands with the `gzip` of the machine: not with the library under test.
package enum Gzip {
    package struct Failed: Error {}

    package static func compressed(_ bytes: [UInt8]) throws -> [UInt8] {
        try run(["-9", "-c"], bytes)
    }

    /// Fails when there is anything but whole members.
    package static func expanded(_ bytes: [UInt8]) throws -> [UInt8] {
        try run(["-d", "-c"], bytes)
    }

    private static func run(_ options: [String], _ bytes: [UInt8]) throws -> [UInt8] {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("gzip-\(UUID().uuidString).gz")
        try Data(bytes).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let output = Pipe()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        // Forced, because the name says that it is compressed already.
        process.arguments = ["gzip", "-f"] + options + [file.path]
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let result = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed() }
        return Array(result)
    }
}
