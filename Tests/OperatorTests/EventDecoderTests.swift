internal import Contract
internal import Operator
internal import Testing

@Suite struct EventDecoderTests {
    private static let good =
        #"{"id":"e1","timestamp":"2026-01-02T03:04:05Z","feature":"search","action":"view"}"#

    @Test func aGoodLineIsTakenAsItIs() throws {
        let decoded = try EventDecoder.decode(Array(Self.good.utf8)) { "unused" }
        #expect(decoded.event.id == "e1")
        #expect(!decoded.hasNewID)
        #expect(decoded.ignoredField == nil)
        #expect(decoded.refusal == nil)
    }

    @Test func anEventWithoutIDGetsOne() throws {
        let line = Self.good.replacing(#""id":"e1","#, with: "")
        let decoded = try EventDecoder.decode(Array(line.utf8)) { "new" }
        #expect(decoded.event.id == "new")
        #expect(decoded.hasNewID)
    }

    @Test func anUnknownFieldIsNamedAndLeftOut() throws {
        let line = Self.good.replacing("{", with: #"{"featrue":"x","#)
        let decoded = try EventDecoder.decode(Array(line.utf8)) { "" }
        #expect(decoded.ignoredField == "featrue")
        #expect(decoded.event.feature == "search")
    }

    @Test func whatIngestWillRefuseIsKnownBefore() throws {
        let line = Self.good.replacing(#""timestamp":"2026-01-02T03:04:05Z","#, with: "")
        #expect(try EventDecoder.decode(Array(line.utf8)) { "" }.refusal == .timestampRequired)
    }

    @Test(arguments: [
        ("[1]", "is no JSON object"), ("hello", "is no JSON object"), ("{\"id\":", "ends in the middle"),
        ("{} {}", "behind the JSON object"), (#"{"timestamp":"yesterday"}"#, "timestamp"), (#"{"id":{}}"#, "string"),
        (#"{"unknown":1,"id":"#, "ends in the middle"),
    ])
    func aBadLineSaysWhatIsWrong(_ line: String, _ expected: String) throws {
        let failure = try #require(throws: EventDecoder.Failure.self) {
            _ = try EventDecoder.decode(Array(line.utf8)) { "" }
        }
        #expect(failure.message.contains(expected))
    }

    @Test func newIDsAreVersion7AndSortByTime() {
        let id = TimeOrderedID.make(now: 0x0123_4567_89AB * 1_000_000, random: (.max, .max))
        #expect(id == "01234567-89ab-7fff-bfff-ffffffffffff")
        #expect(TimeOrderedID.make(now: 1_000_000_000, random: (.max, .max)) < TimeOrderedID.make(now: 1_001_000_000))
        #expect(TimeOrderedID.make() != TimeOrderedID.make())
    }
}
