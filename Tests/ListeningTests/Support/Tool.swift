import Foundation

/// Runs command line tools that tests use as independent clients.
enum Tool {
    struct Outcome: Sendable {
        let status: Int32
        let output: Data
        var text: String { String(decoding: output, as: UTF8.self) }
    }

    static func exists(_ name: String) -> Bool { FileManager.default.isExecutableFile(atPath: "/usr/bin/\(name)") }

    /// Runs to the end without blocking a thread of Swift's pool.
    static func run(_ name: String, _ arguments: [String]) async throws -> Outcome {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try runBlocking(name, arguments) })
            }
        }
    }

    private static func runBlocking(_ name: String, _ arguments: [String]) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/\(name)")
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Outcome(status: process.terminationStatus, output: data)
    }

    /// curl with a deadline.
    static func curl(_ arguments: String...) async throws -> Outcome {
        try await run("curl", ["--silent", "--show-error", "--max-time", "20"] + arguments)
    }
}
