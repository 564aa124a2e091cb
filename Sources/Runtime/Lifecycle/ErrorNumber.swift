internal import Glibc

/// The system's texts for error numbers.
package enum ErrorNumber {
    private static let maximumTextBytes = 256

    /// The text for an `errno` value, for instance "No such file or directory". Safe on every thread, unlike `strerror`.
    package static func text(_ number: Int32) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: maximumTextBytes) { buffer in
            guard let text = buffer.baseAddress, strerror_r(number, text, buffer.count) == 0 else {
                return "error \(number)"
            }
            return String(cString: text)
        }
    }
}
