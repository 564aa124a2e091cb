/// What one container may use.
package struct ResourceSpec: Sendable, Equatable {
    static let keys = ["cpu", "memory"]
    /// The numbers of processors that Cloud Run gives.
    private static let processors = [1, 2, 4, 6, 8]
    /// Memory that belongs to a number of processors, in GiB; both ends are Cloud Run's.
    private static let memory: [Int: (least: Quantity, most: Quantity)] = [
        1: (Quantity(mebibytes: 512), Quantity(mebibytes: 4 << 10)),
        2: (Quantity(mebibytes: 512), Quantity(mebibytes: 8 << 10)),
        4: (Quantity(mebibytes: 2 << 10), Quantity(mebibytes: 16 << 10)),
        6: (Quantity(mebibytes: 4 << 10), Quantity(mebibytes: 24 << 10)),
        8: (Quantity(mebibytes: 4 << 10), Quantity(mebibytes: 32 << 10)),
    ]

    package var cpu: Int
    package var memory: Quantity

    init(_ section: SpecSection) {
        cpu = section.integer("cpu", oneOf: Self.processors, default: 1)
        let standard = max(Quantity(mebibytes: 1 << 10), Self.memory[cpu]?.least ?? Quantity(mebibytes: 1 << 10))
        memory = section.quantity(
            "memory", in: Quantity(mebibytes: 512)...Quantity(mebibytes: 32 << 10), default: standard)
        guard let range = Self.memory[cpu], memory < range.least || memory > range.most else { return }
        section.problem("memory", "\(memory) does not go with cpu \(cpu); expected \(range.least) to \(range.most)")
    }
}
