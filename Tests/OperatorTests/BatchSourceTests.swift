internal import Contract
internal import Operator
internal import SwiftProtobuf
import TestSupport
internal import Testing

@Suite struct BatchSourceTests {
    private func batches(
        _ files: [TemporaryFile], _ change: (inout BatchSource.Limits) -> Void = { _ in },
        warnings: Recorder<String> = Recorder()
    ) async throws -> (batches: [EventBatch], counts: BatchSource.Counts, failure: OperatorFailure?) {
        var limits = BatchSource.Limits()
        change(&limits)
        let source = try BatchSource(paths: files.map(\.path), limits: limits) { warnings.record($0) }
        var batches: [EventBatch] = []
        do throws(OperatorFailure) {
            while let batch = try await source.next() { batches.append(batch) }
        } catch {
            return (batches, await source.counts, error)
        }
        return (batches, await source.counts, nil)
    }

    @Test func batchesHaveTheirNumberOfEventsAcrossFiles() async throws {
        let files = [try TemporaryFile(EventLines.make(25)), try TemporaryFile(EventLines.make(5))]
        let result = try await batches(files) { $0.batchEvents = 10 }
        #expect(result.failure == nil)
        #expect(result.batches.map(\.count) == [10, 10, 10])
        #expect(result.counts.bytesRead == Int64((EventLines.make(25) + EventLines.make(5)).utf8.count))
    }

    @Test func batchesHaveTheirNumberOfBytesAndOneEventAtLeast() async throws {
        let result = try await batches([try TemporaryFile(EventLines.make(3))]) { $0.batchBytes = 1 }
        #expect(result.batches.map(\.count) == [1, 1, 1])
    }

    @Test func theMessageIsARequestWithTheEventsInOrder() async throws {
        let result = try await batches([try TemporaryFile(EventLines.make(300))])
        let batch = try #require(result.batches.first)
        let request = try Telemetrygateway_V1_RecordEventsRequest(serializedBytes: batch.message)
        #expect(request.events.events.map(\.id) == (0..<300).map { "event-\($0)" })
        #expect(batch.ids == request.events.events.map(\.id))
    }

    @Test func aBadLineComesAfterTheEventsBeforeIt() async throws {
        let file = try TemporaryFile(EventLines.make(2) + "nonsense\n" + EventLines.make(1))
        let result = try await batches([file])
        #expect(result.batches.map(\.count) == [2])
        let failure = try #require(result.failure)
        #expect(failure.code == .refused)
        #expect(failure.message.hasPrefix("\(file.path):3: is no JSON object"))
    }

    @Test func badLinesCanBeSkippedAndAreCounted() async throws {
        let warnings = Recorder<String>()
        let text = EventLines.make(1) + String(repeating: "nonsense\n", count: 20) + EventLines.make(1)
        let result = try await batches(
            [try TemporaryFile(text)],
            {
                $0.skipsInvalid = true
                $0.lineBytes = 200
            }, warnings: warnings)
        #expect(result.failure == nil)
        #expect(result.batches.map(\.count) == [2])
        #expect(result.counts.invalidLines == 20)
        // The first few are named, the rest only counted.
        #expect(warnings.values.count == 6)
    }

    @Test func aLineThatIsTooLongIsABadLine() async throws {
        let file = try TemporaryFile(EventLines.make(id: String(repeating: "x", count: 500)))
        let result = try await batches([file]) { $0.lineBytes = 200 }
        #expect(result.failure?.message.contains(":1: is longer than 200 B") == true)
    }

    @Test func eventsThatIngestWillRefuseAreSentWithAWarning() async throws {
        let warnings = Recorder<String>()
        let result = try await batches([try TemporaryFile(#"{"id":"a"}"#)], warnings: warnings)
        #expect(result.batches.map(\.count) == [1])
        #expect(result.counts.refusals == 1)
        #expect(warnings.values.first?.contains("ingest will not accept") == true)
    }

    @Test func aMissingFileIsNamed() async throws {
        let source = try BatchSource(paths: ["/nowhere/events"], limits: BatchSource.Limits()) { _ in }
        let failure = await #expect(throws: OperatorFailure.self) { try await source.totalBytes() }
        #expect(failure?.message.hasPrefix("/nowhere/events: can not open") == true)
        #expect(failure?.code.exitCode == 74)
    }

    @Test func aStoppedSourceEnds() async throws {
        let file = try TemporaryFile(EventLines.make(10))
        let source = try BatchSource(paths: [file.path], limits: BatchSource.Limits()) { _ in }
        source.stop()
        #expect(try await source.next() == nil)
    }
}
