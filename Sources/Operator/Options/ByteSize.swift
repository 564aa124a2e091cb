internal import ArgumentParser
internal import Runtime

/// A number of bytes as people write it: `1048576`, `4MiB`, `10MB`.
package struct ByteSize: ExpressibleByArgument, Sendable, Hashable, CustomStringConvertible {
    /// The number of bytes.
    package let bytes: Int

    /// Makes a size from its number of bytes.
    package init(bytes: Int) {
        self.bytes = bytes
    }

    /// Nil for a text that is no size.
    package init?(argument: String) {
        guard let bytes = ByteCountText.parse(argument) else { return nil }
        self.init(bytes: bytes)
    }

    package var description: String { ByteCountText.format(bytes) }
    package var defaultValueDescription: String { description }
}
