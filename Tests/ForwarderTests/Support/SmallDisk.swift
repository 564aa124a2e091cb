import Foundation
import TestSupport

@testable import Forwarder

/// A disk that takes so many bytes and no more, for a file destination.
final class SmallDisk: Sendable {
    private let left = Changeable<Int>(.max)

    /// What it still takes.
    var bytesLeft: Int {
        get { left.value }
        set { left.value = newValue }
    }

    /// Calls that fail once it is full; a write that does not fit is cut.
    var calls: FileCalls {
        var calls = FileCalls()
        calls.write = { descriptor, bytes in
            guard self.bytesLeft > 0 else {
                errno = ENOSPC
                return -1
            }
            let count = min(self.bytesLeft, bytes.count)
            self.bytesLeft -= count
            return write(descriptor, bytes.baseAddress, count)
        }
        return calls
    }
}
