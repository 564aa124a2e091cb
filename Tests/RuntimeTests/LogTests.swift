import Foundation
import Logging
import Synchronization
import TestSupport
import Testing

@testable import Runtime

struct LogTests {
    private final class Lines: Sendable {
        let all = Mutex<[String]>([])
    }

    private func makeLogger(
        level: SharedLogLevel = SharedLogLevel(.info), provider: Logger.MetadataProvider? = nil
    ) -> (Logger, Lines) {
        let lines = Lines()
        let output = LogOutput { bytes in lines.all.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) } }
        let logger = Logger(label: "sample") { label in
            JSONLogHandler(
                label: label, level: level, output: output, metadataProvider: provider, now: { 1_500_000_000 })
        }
        return (logger, lines)
    }

    @Test func errorsAreToldToWhoeverAsks() {
        let (told, errors) = (Recorder<ErrorLogRecord>(), ErrorLogObserver())
        var logger = Logger(label: "sample") { label in
            JSONLogHandler(
                label: label, level: SharedLogLevel(.info), output: LogOutput { _ in }, errors: errors, now: { 7 })
        }
        logger[metadataKey: "client"] = "c"
        logger.error("nobody asks")
        errors.observe { told.record($0) }
        logger.warning("no error")
        logger.error("failed", metadata: ["error": "it broke [io]", "batches": "\(3)"])
        logger.critical("worse")
        errors.observe(nil)
        logger.error("nobody asks any more")
        #expect(told.values.map(\.message) == ["failed", "worse"])
        let first = told.values[0]
        #expect(first.fields.map(\.name) == ["batches", "client", "error"])
        #expect(first[field: "error"] == "it broke [io]")
        #expect(first.at == 7)
        #expect(first.file.hasSuffix("LogTests.swift"))
        #expect(first.function == "errorsAreToldToWhoeverAsks()")
    }

    @Test func aLineIsOneObjectWithStableKeys() {
        struct Failure: Error, CustomStringConvertible { let description = "it \"broke\"" }
        var (logger, lines) = makeLogger(provider: Logger.MetadataProvider { ["b": "provided", "a": "provided"] })
        logger[metadataKey: "b"] = "logger"
        logger[metadataKey: "c"] = "logger"
        logger.info(
            "hello", error: Failure(),
            metadata: [
                "a": "event", "level": "mine", "spool": ["rows": "\(3)", "bytes": .stringConvertible(42)],
                "list": ["x", .stringConvertible(true), .stringConvertible(1.5)],
            ])
        let expected = """
            {"timestamp":"1970-01-01T00:00:01.500Z","level":"info","logger":"sample","message":"hello",\
            "a":"event","b":"provided","c":"logger","error":"it \\"broke\\"","list":["x",true,1.5],\
            "metadata.level":"mine","spool.bytes":42,"spool.rows":"3"}

            """
        #expect(lines.all.withLock { $0 } == [expected])
    }

    @Test func theSharedLevelChangesEveryLoggerAndTheOwnLevelWins() {
        let level = SharedLogLevel(.info)
        let (logger, lines) = makeLogger(level: level)
        var own = logger
        own.logLevel = .error
        logger.debug("1")
        level.level = .debug
        logger.debug("2")
        own.debug("3")
        #expect(lines.all.withLock { $0.count } == 1)
    }

    @Test func escapedTextsAreReadBackByFoundation() throws {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<500 {
            let scalars = (0..<20).compactMap { _ in
                Unicode.Scalar(
                    UInt32.random(in: 0...(Bool.random(using: &generator) ? 0x90 : 0x1_10000), using: &generator))
            }
            let text = String(String.UnicodeScalarView(scalars))
            var bytes: [UInt8] = []
            JSONText.appendQuoted(text, to: &bytes)
            #expect(!bytes.contains { $0 < 0x20 }, "seed 7")
            let decoded = try JSONDecoder().decode(
                [String].self, from: Data([UInt8(ascii: "[")] + bytes + [UInt8(ascii: "]")]))
            #expect(decoded == [text], "seed 7")
        }
    }

    @Test(arguments: [100, 16_000, 16_300, 16_384, 16_385, 50_000])
    func longLinesAreCutAndMarkedAndStayJSON(length: Int) throws {
        let (logger, lines) = makeLogger()
        logger.info("m", metadata: ["long": .string(String(repeating: "é\"", count: length / 2)), "zero": "last"])
        let line = try #require(lines.all.withLock { $0.first })
        #expect(line.utf8.count <= LogLineBuilder.maximumLineBytes)
        #expect(line.hasSuffix("}\n") && line.dropLast().contains("\n") == false)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect((object["truncated"] as? Bool == true) == (length > 16_000 / 2))
        #expect((object["zero"] == nil) == (length > 16_000 / 2))
    }

    @Test func aLongMessageOrManyKeysAreCutToo() throws {
        let (logger, lines) = makeLogger()
        logger.info("\(String(repeating: "x", count: 100_000))", metadata: ["a": "b"])
        let many = Dictionary(
            uniqueKeysWithValues: (0..<5_000).map { ("key\($0)", Logger.MetadataValue.stringConvertible($0)) })
        logger.info("many", metadata: many)
        logger.info("array", metadata: ["a": .array(Array(repeating: "xxxxxxxx", count: 10_000)), "b": "c"])
        for line in lines.all.withLock({ $0 }) {
            #expect(line.utf8.count <= LogLineBuilder.maximumLineBytes)
            let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            #expect(object["truncated"] as? Bool == true)
        }
        #expect(lines.all.withLock { $0.count } == 3)
    }

    @Test func theLevelIsAKey() throws {
        var reader = ConfigurationReader(environment: ["GATEWAY_LOG_LEVEL": "debug"])
        #expect(JSONLogging.readLevel(&reader) == .debug)
        _ = try reader.finish()
    }

    @Test func repeatedErrorsAreCountedInsteadOfLogged() {
        var limiter = LogRateLimiter(interval: .seconds(1))
        let second: Int64 = 1_000_000_000
        #expect(limiter.decide(key: "a", now: 0) == .emit(suppressed: 0))
        #expect(limiter.decide(key: "a", now: 1) == .suppress)
        #expect(limiter.decide(key: "b", now: 1) == .emit(suppressed: 0))
        #expect(limiter.decide(key: "a", now: second - 1) == .suppress)
        #expect(limiter.decide(key: "a", now: second) == .emit(suppressed: 2))
        #expect(limiter.decide(key: "a", now: second + 1) == .suppress)
        #expect(limiter.decide(key: "a", now: 5) == .emit(suppressed: 1))
    }

    @Test func theLimiterNeverHoldsMoreThanItsKeys() {
        var limiter = LogRateLimiter(interval: .seconds(1))
        let emitted = (0..<10_000).count { limiter.decide(key: "key \($0)", now: 0) != .suppress }
        #expect(emitted <= LogRateLimiter.maximumKeys + 1)
        #expect(limiter.keyCount <= LogRateLimiter.maximumKeys + 1)
        // Once the old keys are due, new ones have room again.
        #expect(limiter.decide(key: "new", now: 2_000_000_000) == .emit(suppressed: 0))
        #expect(limiter.keyCount <= 2)
    }
}
