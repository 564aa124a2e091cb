import TestSupport
import Testing

@testable import Store

/// Random histories of a spool, compared with a plain model after each step.
struct SpoolModelTests {
    static let actions = 300

    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func randomHistories(seed: UInt64) async throws {
        print("SpoolModelTests: seed \(seed)")
        let world = try await SpoolWorld(seed: seed)
        for _ in 0..<Self.actions {
            switch world.generator.below(40) {
            case 0..<20: world.append()
            case 20..<24: try await world.settle(leaving: world.generator.below(3))
            case 24..<31: try await world.resolve()
            case 31..<33: try await world.look()
            case 33: try await world.lookFromTheMiddle()
            case 34..<36: try await world.retire()
            case 36: try await world.restartWriter()
            case 37: try await world.restartForwarder()
            case 38: try await world.crash()
            default: try await world.inspect()
            }
        }
        try await world.inspect()
        try await world.end()
    }
}
