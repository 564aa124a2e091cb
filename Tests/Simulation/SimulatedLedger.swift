package import Planning

/// What survives a crash of the forwarder.
package struct SimulatedLedger {
    /// Events that are resolved, by batch.
    package internal(set) var resolved: [BatchAddress: Set<Int>] = [:]
    package internal(set) var delivered: Set<Int> = []
    package internal(set) var dead: Set<Int> = []
    package internal(set) var expired: Set<Int> = []
    /// How often an event was refused alone.
    package internal(set) var attempts: [Int: Int] = [:]
    package internal(set) var memory: DeliveryMemory?

    mutating func resolve(_ message: Message) { resolved[message.address, default: []].insert(message.event) }
}

/// One event on its way.
package struct Message: Hashable {
    package let address: BatchAddress
    /// Its number in the whole spool.
    package let event: Int
}
