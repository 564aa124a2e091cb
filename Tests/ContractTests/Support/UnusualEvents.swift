internal import Contract
internal import SwiftProtobuf
import TestSupport

/// Random events that use every field of the contract, with values from the ends of their ranges.
struct UnusualEvents {
    var random: SeededGenerator

    mutating func event() -> Telemetrygateway_V1_Event {
        var event = Telemetrygateway_V1_Event()
        if !random.once(in: 20) { event.id = text() }
        if !random.once(in: 20) { event.timestamp = timestamp() }
        if !random.once(in: 20) { event.feature = random.once(in: 4) ? text() : "cody.completion" }
        if !random.once(in: 20) { event.action = random.once(in: 4) ? text() : "accepted" }
        if random.once(in: 2) { event.source = source() }
        if !random.once(in: 4) { event.parameters = parameters() }
        if random.once(in: 2) {
            event.user = Telemetrygateway_V1_EventUser()
            if random.once(in: 2) { event.user.userID = integer() }
            if random.once(in: 2) { event.user.anonymousUserID = text() }
            if random.once(in: 3) { event.user.samsExternalID = text() }
        }
        if random.once(in: 4) {
            event.featureFlags = Telemetrygateway_V1_EventFeatureFlags()
            for _ in 0..<random.below(4) { event.featureFlags.flags[text()] = text() }
        }
        if random.once(in: 4) { event.marketingTracking = marketing() }
        if random.once(in: 3) {
            event.interaction = Telemetrygateway_V1_EventInteraction()
            if random.once(in: 2) { event.interaction.traceID = text() }
            if random.once(in: 3) { event.interaction.interactionID = text() }
            if random.once(in: 3) { event.interaction.geolocation.countryCode = random.once(in: 3) ? "" : "DEU" }
        }
        return event
    }

    private mutating func timestamp() -> Google_Protobuf_Timestamp {
        let seconds: [Int64] = [0, -1, 1, -62_135_596_800, 253_402_300_799, 951_782_400, 951_868_800, 4_107_542_400]
        let nanos: [Int32] = [0, 1, 999_999_999, 120_000_000, 123_400, 1000, 1_000_000, 100_000_000]
        var timestamp = Google_Protobuf_Timestamp()
        switch random.below(20) {
        case 0: timestamp.seconds = integer()
        case 1..<6: timestamp.seconds = seconds[random.below(seconds.count)]
        default: timestamp.seconds = Int64(bitPattern: random.next() % 315_537_897_600) - 62_135_596_800
        }
        switch random.below(20) {
        case 0: timestamp.nanos = Int32(truncatingIfNeeded: random.next())
        case 1..<12: timestamp.nanos = nanos[random.below(nanos.count)]
        default: timestamp.nanos = Int32(random.below(1_000_000_000))
        }
        return timestamp
    }

    private mutating func source() -> Telemetrygateway_V1_EventSource {
        var source = Telemetrygateway_V1_EventSource()
        if random.once(in: 2) { source.server.version = random.once(in: 4) ? "" : text() }
        if random.once(in: 2) { source.client.name = random.once(in: 4) ? "" : text() }
        if random.once(in: 2) { source.client.version = text() }
        return source
    }

    private mutating func parameters() -> Telemetrygateway_V1_EventParameters {
        var parameters = Telemetrygateway_V1_EventParameters()
        if random.once(in: 2) { parameters.version = Int32(truncatingIfNeeded: integer()) }
        if random.once(in: 4) {
            for _ in 0..<1 + random.below(4) { parameters.legacyMetadata[metadataKey()] = integer() }
        }
        // Now and then more than are sorted by insertion, and more than the scratch space holds at first.
        let count = random.once(in: 40) ? random.below(400) : random.below(6)
        for _ in 0..<count { parameters.metadata[metadataKey()] = number() }
        if random.once(in: 2) { parameters.privateMetadata = structure(depth: random.below(5)) }
        if random.once(in: 4) {
            parameters.billingMetadata = Telemetrygateway_V1_EventBillingMetadata()
            if random.once(in: 2) { parameters.billingMetadata.product = text() }
            if random.once(in: 2) { parameters.billingMetadata.category = text() }
        }
        return parameters
    }

    private mutating func metadataKey() -> String {
        switch random.below(6) {
        case 0: "recordsPrivateMetadata" + text()
        case 1: ["recordsPrivateMetadataX", "recordsPrivateMetadataXY", "count", ""][random.below(4)]
        default: text()
        }
    }

    private mutating func marketing() -> Telemetrygateway_V1_EventMarketingTracking {
        var marketing = Telemetrygateway_V1_EventMarketingTracking()
        if random.once(in: 3) { marketing.url = text() }
        if random.once(in: 3) { marketing.firstSourceURL = text() }
        if random.once(in: 3) { marketing.cohortID = text() }
        if random.once(in: 3) { marketing.referrer = text() }
        if random.once(in: 3) { marketing.lastSourceURL = text() }
        if random.once(in: 3) { marketing.deviceSessionID = text() }
        if random.once(in: 3) { marketing.sessionReferrer = text() }
        if random.once(in: 3) { marketing.sessionFirstURL = text() }
        return marketing
    }

    private mutating func structure(depth: Int) -> Google_Protobuf_Struct {
        var structure = Google_Protobuf_Struct()
        for _ in 0..<random.below(5) { structure.fields[text()] = value(depth: depth) }
        return structure
    }

    private mutating func value(depth: Int) -> Google_Protobuf_Value {
        switch random.below(depth > 0 ? 9 : 6) {
        case 0: return Google_Protobuf_Value(nilLiteral: ())
        case 1, 2:
            if random.once(in: 60) {
                return random.once(in: 2) ? Google_Protobuf_Value() : Google_Protobuf_Value(numberValue: .nan)
            }
            let number = number()
            return Google_Protobuf_Value(numberValue: number.isFinite ? number : 1)
        case 3: return Google_Protobuf_Value(boolValue: random.once(in: 2))
        case 4, 5: return Google_Protobuf_Value(stringValue: text())
        case 6, 7: return Google_Protobuf_Value(structValue: structure(depth: depth - 1))
        default:
            var list = Google_Protobuf_ListValue()
            for _ in 0..<random.below(4) { list.values.append(value(depth: depth - 1)) }
            return Google_Protobuf_Value(listValue: list)
        }
    }

    private mutating func integer() -> Int64 {
        let telling: [Int64] = [0, 1, -1, .max, .min, 9, 10, 99, 100, 1 << 53, -(1 << 53), 1 << 31, -(1 << 31)]
        switch random.below(3) {
        case 0: return telling[random.below(telling.count)]
        case 1: return Int64(random.below(100_000))
        // All lengths of digits.
        default: return Int64(bitPattern: random.next()) >> Int64(random.below(64))
        }
    }

    private mutating func number() -> Double {
        let telling: [Double] = [
            0, -0.0, 1, -1, 0.5, 12.5, 0.1, 0.001, 1e-3, 1e-4, 1e9, 1e15, 1e16, 1e21, 1e22, 9_007_199_254_740_991,
            9_007_199_254_740_992, 9_007_199_254_740_994, -9_007_199_254_740_992, .greatestFiniteMagnitude,
            .leastNonzeroMagnitude, .leastNormalMagnitude, .nan, .infinity, -.infinity, .pi, 0.1 + 0.2, 1.0.nextUp,
            9.223372036854775e18, -9.223372036854776e18, 123_456.789_012, 999_999_999.999_999_9,
        ]
        switch random.below(6) {
        case 0: return telling[random.below(telling.count)]
        case 1: return Double(bitPattern: random.next())
        case 2: return Double(random.below(1_000_000)) / [10, 100, 1000, 1024, 1e6, 1e7, 3][random.below(7)]
        case 3: return Double(integer())
        default: return Double(random.below(1000))
        }
    }

    private mutating func text() -> String {
        let plain = "The quick brown fox jumps over the lazy dog; 0123456789 cody.completion"
        // In normal form, because SwiftProtobuf takes equivalent keys of a map for the same.
        let pieces = [
            "a", "b", "Z", "-", ".", "7", " ", "\u{e9}", "\u{df}", "\u{4e2d}", "\u{1f680}", "\u{0}", "\u{1}", "\u{8}",
            "\t", "\n", "\u{c}", "\r", "\u{1f}", "\"", "\\", "/", "\u{7f}", "\u{80}", "\u{9f}", "\u{2028}", "\u{2029}",
            "\u{7ff}", "\u{800}", "\u{ffff}", "\u{10ffff}", "\u{d7ff}", "\u{e000}", "<", "&",
        ]
        switch random.below(8) {
        case 0: return ""
        case 1, 2: return String(plain.prefix(random.below(plain.count + 1)))
        case 3 where random.once(in: 20):
            return String(repeating: pieces[random.below(pieces.count)], count: random.below(3000))
        default:
            return (0..<random.below(14)).map { _ in
                random.once(in: 2) ? "abcdef" : pieces[random.below(pieces.count)]
            }.joined()
        }
    }
}
