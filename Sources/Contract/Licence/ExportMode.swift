/// Which events an instance with a given licence may send. Instances decide this before they queue; the gateway
/// evaluates it to see what a licence's owner wanted. Settings of the instance's own environment are not known here.
package enum ExportMode: String, Sendable, Hashable, CaseIterable {
    /// Every event.
    case all
    /// Events of the feature `cody` and of features below it.
    case codyOnly = "cody_only"
    /// None.
    case disabled

    /// The tag of licences for installations without a way out. Compared as it is.
    package static let airGappedTag = "allow-air-gapped"
    /// The tag that leaves Cody's events only. Compared without the white space around it.
    package static let codyOnlyTag = "disable-telemetry-events-export"
    /// 2023-10-04T00:00:00Z (seconds since 1970): licences made before it were sold without the export.
    package static let exportedSince: Int64 = 1_696_377_600

    /// Evaluates a licence; nil stands for none, and for one that cannot be read.
    package init(licence: LicenceInformation?) {
        guard let licence else {
            self = .all
            return
        }
        if licence.tags.contains(Self.airGappedTag) {
            self = .disabled
        } else if licence.tags.contains(where: { Self.trimmed($0) == Self.codyOnlyTag }) {
            self = .codyOnly
        } else if let createdAt = licence.createdAt, createdAt >= Self.exportedSince {
            self = .all
        } else {
            self = .codyOnly
        }
    }

    /// Whether an event of this feature may be sent.
    package func permits(feature: String) -> Bool {
        switch self {
        case .all: true
        case .codyOnly: feature == "cody" || feature.hasPrefix("cody.")
        case .disabled: false
        }
    }

    private static func trimmed(_ tag: String) -> String {
        var scalars = tag.unicodeScalars[...]
        while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        return String(scalars)
    }
}
