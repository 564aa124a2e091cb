internal import Contract
internal import Store
internal import SwiftProtobuf

/// Makes batches from files, on a thread of its own: reading may block, above all standard input.
package actor BatchSource {
    /// How a source makes batches.
    package struct Limits: Sendable, Hashable {
        /// Most events in a batch.
        package var batchEvents = 1000
        /// A batch with this many bytes is sent; one event may be larger.
        package var batchBytes = 4 << 20
        /// Longest line, in bytes.
        package var lineBytes = 16 << 20
        /// Bytes read at once.
        package var chunkBytes = 256 << 10
        /// Whether lines that are no events are passed over.
        package var skipsInvalid = false

        /// The standard limits.
        package init() {}
    }

    /// What became of the lines so far.
    package struct Counts: Sendable, Hashable {
        /// Bytes taken from the inputs.
        package var bytesRead: Int64 = 0
        /// Lines that are no events.
        package var invalidLines: Int64 = 0
        /// Events that got an id.
        package var newIDs: Int64 = 0
        /// Events with a field that the contract does not have.
        package var ignoredFields: Int64 = 0
        /// Events that ingest will not accept.
        package var refusals: Int64 = 0

        /// Nothing read.
        package init() {}
    }

    /// How many lines of a kind are named one by one.
    private static let maximumWarnings = 5

    private let executor: ThreadExecutor
    private let limits: Limits
    private let warn: @Sendable (String) -> Void
    private let progress = InputProgress()
    private var paths: [String]
    private var current: (file: InputFile, reader: LineReader)?
    private var warnings: [String: Int] = [:]
    private var known = Counts()
    /// Thrown by the next `next()`: the events before it come first.
    private var pendingFailure: OperatorFailure?

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Makes a source of files; nothing is opened yet.
    /// - Parameters:
    ///   - paths: the files, in order; `-` is standard input.
    ///   - warn: told what a user should know, one line each.
    package init(paths: [String], limits: Limits, warn: @escaping @Sendable (String) -> Void) throws(OperatorFailure) {
        do {
            executor = try ThreadExecutor(name: "input")
        } catch {
            throw OperatorFailure(error)
        }
        self.paths = paths
        self.limits = limits
        self.warn = warn
    }

    /// What became of the lines so far.
    package var counts: Counts {
        var counts = known
        counts.bytesRead = progress.bytesRead
        return counts
    }

    /// How much of a number of bytes is read, 0 to 1; from any thread.
    package nonisolated func fractionRead(of total: Int64) -> Double {
        total > 0 ? Double(progress.bytesRead) / Double(total) : 1
    }

    /// Bytes of all files; nil when one is no regular file.
    /// - Throws: `io` when a file can not be opened: better now than when the others are sent.
    package func totalBytes() throws(OperatorFailure) -> Int64? {
        var total: Int64? = 0
        for path in paths {
            let size = try InputFile(path: path).size
            total = total.flatMap { total in size.map { total + $0 } }
        }
        return total
    }

    /// Ends the input at once, also when `next()` waits for it; a batch in the making is given up.
    package nonisolated func stop() { progress.stop() }

    /// The next batch; nil at the end. An input that pauses ends a batch, so that `tail -f | gatewayctl send` sends what
    /// there is.
    /// - Throws: `refused` for a line that is no event, unless those are skipped; the events before it come first.
    package func next() throws(OperatorFailure) -> EventBatch? {
        var batch = EventBatch()
        if let failure = pendingFailure { throw failure }
        while batch.count < limits.batchEvents, batch.byteCount < limits.batchBytes {
            if batch.count > 0, let current, !current.reader.hasLine, !current.file.isReady { break }
            do throws(OperatorFailure) {
                guard let (line, name) = try nextLine() else { break }
                try add(line, of: name, to: &batch)
            } catch {
                guard batch.count > 0 else { throw error }
                pendingFailure = error
                break
            }
        }
        // A stopped source has nobody left to send to.
        return batch.count > 0 && !progress.isStopping ? batch : nil
    }

    private func nextLine() throws(OperatorFailure) -> (line: LineReader.Line, name: String)? {
        while !progress.isStopping {
            if current == nil {
                guard !paths.isEmpty else { return nil }
                current = try open(paths.removeFirst())
            }
            if let line = try current?.reader.next(), let current { return (line, current.file.name) }
            current = nil
        }
        return nil
    }

    private func open(_ path: String) throws(OperatorFailure) -> (file: InputFile, reader: LineReader) {
        let file = try InputFile(path: path)
        let progress = progress
        let reader = LineReader(chunkBytes: limits.chunkBytes, maximumLineBytes: limits.lineBytes) {
            (buffer) throws(OperatorFailure) in
            let count = try file.read(into: buffer) { progress.isStopping }
            progress.add(count)
            return count
        }
        return (file, reader)
    }

    private func add(_ line: LineReader.Line, of name: String, to batch: inout EventBatch) throws(OperatorFailure) {
        let place = "\(name):\(line.number)"
        do throws(EventDecoder.Failure) {
            guard let bytes = line.bytes else {
                throw EventDecoder.Failure(message: "is longer than \(HumaneText.bytes(Int64(limits.lineBytes)))")
            }
            let decoded = try EventDecoder.decode(bytes) { TimeOrderedID.make() }
            batch.append(try encode(decoded.event), id: decoded.event.id)
            note(decoded, place)
        } catch {
            known.invalidLines += 1
            let text = "\(place): \(error.message)"
            guard limits.skipsInvalid else {
                throw OperatorFailure(.refused, "\(text); --skip-invalid passes over such lines")
            }
            warnOnce("invalid", text + "; skipped")
        }
    }

    private func encode(_ event: Telemetrygateway_V1_Event) throws(EventDecoder.Failure) -> [UInt8] {
        do {
            return try event.serializedBytes()
        } catch {
            throw EventDecoder.Failure(message: "can not be encoded: \(error)")
        }
    }

    private func note(_ decoded: EventDecoder.Decoded, _ place: String) {
        if decoded.hasNewID { known.newIDs += 1 }
        if let field = decoded.ignoredField {
            known.ignoredFields += 1
            warnOnce("field", "\(place): the contract has no field “\(field)”: it is not sent")
        }
        if let refusal = decoded.refusal {
            known.refusals += 1
            warnOnce("refusal", "\(place): ingest will not accept this event: \(refusal.message)")
        }
    }

    private func warnOnce(_ kind: String, _ text: String) {
        warnings[kind, default: 0] += 1
        if warnings[kind, default: 0] <= Self.maximumWarnings { warn(text) }
        if warnings[kind] == Self.maximumWarnings { warn("more of the same kind is counted, not shown") }
    }
}
