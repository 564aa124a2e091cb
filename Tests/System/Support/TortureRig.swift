internal import FakePubSub
internal import Foundation
internal import TestSupport
internal import Testing

/// Both processes on one spool, their clients, their Pub/Sub and what befalls them, for the rounds of one class.
final class TortureRig {
    let kind: TortureClass
    let workspace: Workspace
    let fake: FakePubSub
    let record = AcknowledgementRecord()
    /// Rounds that are over.
    private(set) var rounds = 0
    /// How often the fault struck.
    private(set) var faults = 0
    /// Times that a process ended although nobody had killed it.
    private(set) var exits = 0
    private(set) var loss = FaultyDisk.Loss()
    /// The longest time from the end of a fault, or from the last start, until everything was delivered.
    private(set) var timeToEmpty = Duration.zero
    private(set) var poison: Set<String> = []

    private let disk: FaultyDisk?
    private var random: SeededGenerator
    private var ingest: ManagedProcess?
    private var forwarder: ManagedProcess?
    private var ingestPort = 0
    private var starts = 0
    /// Journals of the processes that run, by their name.
    private var journals: [String: String] = [:]

    init(_ kind: TortureClass, seed: UInt64, in workspace: Workspace) async throws {
        self.kind = kind
        self.workspace = workspace
        random = SeededGenerator(seed: seed)
        disk = kind.needsDisk ? try FaultyDisk(in: workspace) : nil
        fake = try await FakePubSub.start()
    }

    /// Lets the fault strike once.
    func round() async throws {
        rounds += 1
        switch kind.fault {
        case .kill(let victims, let losesPower): try await kill(victims, losesPower: losesPower)
        case .disk(let writeError, let syncError): try await breakDisk(writeError, syncError)
        case .destination(let failure): try await breakDestination(failure)
        case .poison: try await poisonDestination()
        case .mixed: try await anything()
        case .lyingDisk(let aboutDirectories): try await lie(aboutDirectories: aboutDirectories)
        }
    }

    /// Heals everything, waits until everything is delivered, and stops both processes.
    func heal() async throws {
        disk?.heal()
        fake.heal()
        _ = try await startForwarder()
        _ = try await startIngest()
        try await drain()
        for process in [ingest, forwarder].compactMap(\.self) {
            #expect(try await process.stop() == .code(0), "\(kind.name): \(process.name)")
        }
        (ingest, forwarder) = (nil, nil)
        try await fake.stop()
    }

    // MARK: - Faults

    private func kill(_ victims: TortureClass.Victims, losesPower: Bool) async throws {
        let port = try await startIngest()
        let started = try await startForwarder(waits: !victims.hasIngest || Bool.random(using: &random))
        let processes = [victims.hasIngest ? ingest : nil, victims.hasForwarder ? started : nil].compactMap(\.self)
            .shuffled(using: &random)
        let responses = Int.random(in: 1...Self.responsesBeforeKill, using: &random)
        record.after(responses: responses) { for victim in processes { victim.signal(SIGKILL) } }
        // Where ingest lives on, work waits for the next forwarder.
        let load = Load(
            name: "k\(rounds)", record: record,
            allowance: victims.hasIngest ? nil : responses + Self.responsesBeforeKill / 4)
        async let outcomes = load.run(port: port)
        for process in processes {
            #expect(try await process.exit(within: .seconds(60)) == .signal(SIGKILL), "\(kind.name) \(rounds)")
        }
        load.stop()
        let errors = await outcomes.compactMap(\.error)
        if !victims.hasIngest { #expect(errors.isEmpty, "\(kind.name) \(rounds): \(errors)") }
        faults += 1
        if victims.hasIngest { ingest = nil }
        if victims.hasForwarder { forwarder = nil }
        if losesPower { try await losePower(processes) }
    }

    private func losePower(_ dead: [ManagedProcess]) async throws {
        guard let disk else { return }
        let gone = dead.compactMap { journals.removeValue(forKey: $0.name) }.sorted()
        let more = try await disk.losePower(journals: gone, seed: random.next(), in: workspace)
        loss.reverted += more.reverted
        loss.kept += more.kept
        loss.vanished += more.vanished
        loss.returned += more.returned
    }

    private func breakDisk(_ writeError: Int32, _ syncError: Int32) async throws {
        guard let disk else { return }
        _ = try await startIngest()
        _ = try await startForwarder()
        let share = ([1, 0.5, 0.1] as [Double]).randomElement(using: &random) ?? 1
        let files: FaultyDisk.Files = [.all, .segments, .ledger].randomElement(using: &random) ?? .all
        let before = disk.injected
        let enough = before + Int.random(in: 1...Self.callsThatFail, using: &random)
        record.after(responses: Int.random(in: 1...Self.responsesBeforeKill / 2, using: &random)) {
            disk.fail(
                FaultyDisk.Fault(
                    writes: (writeError == 0 ? 0 : share, writeError), syncs: (syncError == 0 ? 0 : share, syncError),
                    files: files))
        }
        var number = 0
        try await eventually("the disk fails", within: .seconds(60)) {
            try await restartEnded()
            let load = Load(name: "d\(rounds)-\(number)", record: record, allowance: Self.responsesBeforeKill)
            number += 1
            _ = try await send(load)
            return disk.injected >= enough
        }
        disk.heal()
        faults += disk.injected - before
        try await restartEnded()
        // It heals by itself: what is sent now is taken.
        try await eventually("ingest takes events again") {
            let load = Load(name: "h\(rounds)-\(number)", record: record, allowance: Load.clients)
            number += 1
            return try await send(load)
        }
        try await drain()
    }

    private func breakDestination(_ failure: Failure) async throws {
        let port = try await startIngest()
        _ = try await startForwarder()
        let before = fake.failures[failure] ?? 0
        let share = ([1, 1, 0.5] as [Double]).randomElement(using: &random) ?? 1
        fake.apply(FailureScript(seed: random.next(), mix: [failure: share]))
        // How many hang at once is up to the forwarder.
        let enough = before + (failure == .hang ? 1 : Int.random(in: 1...Self.requestsThatFail, using: &random))
        let load = Load(name: "p\(rounds)", record: record, allowance: Self.responsesBeforeKill)
        async let outcomes = load.run(port: port)
        try await eventually("Pub/Sub fails: \(failure)", within: .seconds(60)) {
            load.allow(Load.clients)
            return (fake.failures[failure] ?? 0) >= enough
        }
        load.stop()
        let errors = await outcomes.compactMap(\.error)
        #expect(errors.isEmpty, "\(kind.name) \(rounds): an outage of the destination concerns no client: \(errors)")
        faults += (fake.failures[failure] ?? 0) - before
        fake.heal()
        try await drain()
    }

    private func poisonDestination() async throws {
        _ = try await startIngest()
        _ = try await startForwarder()
        let name = "x\(rounds)"
        for _ in 0..<Self.poisonousEvents {
            poison.insert(
                "\(name)-\(Int.random(in: 0..<Load.clients, using: &random))-"
                    + "\(Int.random(in: 0..<Self.responsesBeforeKill * 2, using: &random))")
        }
        var script = FailureScript()
        script.poison = poison
        fake.apply(script)
        let before = fake.refusedPoison
        let load = Load(name: name, record: record, allowance: Self.responsesBeforeKill)
        #expect(try await send(load), "\(kind.name) \(rounds)")
        try await drain()
        faults += fake.refusedPoison - before
    }

    /// A bad day: Pub/Sub fails now and then in every way, and one of the other faults comes on top.
    private func anything() async throws {
        let daily = Failure.allCases.filter { $0 != .hang }
        fake.apply(
            FailureScript(
                seed: random.next(), mix: Dictionary(uniqueKeysWithValues: daily.map { ($0, Self.dailyShare) })))
        switch Int.random(in: 0..<5, using: &random) {
        case 0: try await breakDisk(ENOSPC, 0)
        case 1: try await breakDisk(EIO, EIO)
        case 2: try await breakDestination(Failure.allCases.randomElement(using: &random) ?? .unavailable)
        default:
            let victims: TortureClass.Victims = [.ingest, .forwarder, .both].randomElement(using: &random) ?? .both
            try await kill(victims, losesPower: true)
        }
    }

    private func lie(aboutDirectories: Bool) async throws {
        guard let disk else { return }
        disk.lie(aboutDirectories: aboutDirectories)
        let port = try await startIngest()
        let responses = Int.random(in: 1...Self.responsesBeforeKill, using: &random)
        guard let victim = ingest else { return }
        record.after(responses: responses) { victim.signal(SIGKILL) }
        // Nobody delivers meanwhile: what has been delivered can not be lost any more.
        _ = await Load(name: "l\(rounds)", record: record).run(port: port)
        #expect(try await victim.exit() == .signal(SIGKILL))
        ingest = nil
        faults += 1
        try await losePower([victim])
    }

    // MARK: - Processes

    /// Sends all that a load may send.
    /// - Returns: whether all of it was acknowledged.
    private func send(_ load: Load) async throws -> Bool {
        let port = ingestPort
        async let outcomes = load.run(port: port)
        try await eventually("everything is answered") { load.isIdle }
        load.stop()
        return await outcomes.allSatisfy { $0.error == nil }
    }

    private func startIngest() async throws -> Int {
        if ingest == nil {
            let settings = try settings("ingest")
            let process = try workspace.ingest(Torture.ingestSettings.merging(settings) { $1 })
            ingest = process
            ingestPort = try await process.port()
        }
        return ingestPort
    }

    /// - Parameter waits: otherwise a kill may come before it is ready.
    private func startForwarder(waits: Bool = true) async throws -> ManagedProcess {
        let process: ManagedProcess
        if let forwarder {
            process = forwarder
        } else {
            let address = [
                "GATEWAY_DESTINATIONS": "pubsub://test/torture", "PUBSUB_EMULATOR_HOST": "127.0.0.1:\(fake.port)",
            ]
            process = try workspace.forwarder(address.merging(try settings("forwarder")) { $1 })
            forwarder = process
        }
        if waits { _ = try await process.port() }
        return process
    }

    private func settings(_ name: String) throws -> [String: String] {
        guard let disk else { return [:] }
        starts += 1
        journals[name] = "\(name)-\(starts)"
        return try disk.settings(journal: "\(name)-\(starts)", seed: random.next())
    }

    /// Starts again whoever a failing disk has ended.
    private func restartEnded() async throws {
        if ingest?.hasEnded == true {
            (ingest, exits) = (nil, exits + 1)
            disk?.heal()
            _ = try await startIngest()
        }
        if forwarder?.hasEnded == true {
            (forwarder, exits) = (nil, exits + 1)
            disk?.heal()
            _ = try await startForwarder()
        }
    }

    private func drain() async throws {
        let start = ContinuousClock.now
        try await workspace.drained()
        timeToEmpty = max(timeToEmpty, ContinuousClock.now - start)
    }

    private static let responsesBeforeKill = 48
    private static let callsThatFail = 6
    private static let requestsThatFail = 4
    private static let poisonousEvents = 3
    private static let dailyShare = 0.01
}
