internal import Foundation
internal import Testing

/// The browser that `Tests/Clients/browser.py` drives.
enum BrowserClient {
    /// Why there is none; nil when there is one.
    static let missing: String? =
        PythonClient.missing
        ?? (FileManager.default.fileExists(atPath: path) ? nil : "no browser: Debian's chromium is not installed")

    /// The same for a test that is skipped.
    static let comment = Comment(rawValue: missing ?? "")

    private static let path = ProcessInfo.processInfo.environment["GATEWAY_CHROMIUM"] ?? "/usr/bin/chromium"
}
