/// Where acknowledged events wait.
package struct SpoolSpec: Sendable, Equatable {
    static let keys = ["size", "storageClass", "memory"]

    /// Of a volume that the specification says nothing about.
    static let standardSize = Quantity(mebibytes: 20 << 10)

    /// Of the volume of each instance on Kubernetes.
    package var size: Quantity
    /// The class of the volume; nil for the cluster's default.
    package var storageClass: String?
    /// Of the volume in memory on Cloud Run; it counts against the memory of the instance.
    package var memory: Quantity

    init(_ section: SpecSection) {
        size = section.quantity(
            "size", in: Quantity(mebibytes: 1 << 10)...Quantity(mebibytes: 16 << 20), default: Self.standardSize)
        storageClass = section.optionalText("storageClass", .name(maximum: 63))
        memory = section.quantity(
            "memory", in: Quantity(mebibytes: 128)...Quantity(mebibytes: 16 << 10), default: Quantity(mebibytes: 256))
    }
}
