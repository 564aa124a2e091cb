/// The version of an instance, as far as it says something about what it exports.
package struct ExporterVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let major: Int
    package let minor: Int
    package let patch: Int

    /// Nothing is exported before; from here on only where it was switched on.
    package static let first = ExporterVersion(5, 2, 0)
    /// Exported by default from here on: under a licence from before the export, Cody's events only.
    package static let byDefault = ExporterVersion(5, 2, 1)
    /// Says its external URL from here on.
    package static let externalURL = ExporterVersion(5, 2, 6)

    init(_ major: Int, _ minor: Int, _ patch: Int) {
        self.major = major
        self.minor = minor
        self.patch = patch
    }

    /// Reads `5.2.1`, `v5.2.1`, `5.2.1-rc.1` or `5.2`; nil for anything else, like the builds between releases.
    package init?(_ text: String) {
        let numbers = text.drop { $0 == "v" }.prefix { $0 != "-" && $0 != "+" }
        let parts = numbers.split(separator: ".", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count) else { return nil }
        let values = parts.map { $0.utf8.count <= 9 && $0.allSatisfy { $0.isASCII && $0.isNumber } ? Int($0) : nil }
        guard let major = values[0], let minor = values[1], values.count == 2 || values[2] != nil else { return nil }
        // Builds between releases have dates and counters in front.
        guard (1...999).contains(major) else { return nil }
        self.init(major, minor, values.count == 3 ? values[2] ?? 0 : 0)
    }

    package var description: String { "\(major).\(minor).\(patch)" }

    package static func < (left: ExporterVersion, right: ExporterVersion) -> Bool {
        (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
    }
}
