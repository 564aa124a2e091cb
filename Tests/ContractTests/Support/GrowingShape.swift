internal import Contract
internal import SwiftProtobuf
internal import Testing

/// A shape that can come any number of times, and so could grow faster than its wire bytes.
struct GrowingShape: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// The event's fields with so many of it.
    let fields: @Sendable (Int) -> [UInt8]

    static func structure(_ name: String, _ entries: @escaping @Sendable (Int) -> [UInt8]) -> GrowingShape {
        GrowingShape(testDescription: name) { Wire.field(0x32, Wire.field(0x1a, entries($0))) }
    }

    static func list(_ name: String, _ value: [UInt8]) -> GrowingShape {
        structure(name) { count in
            let values = (0..<count).flatMap { _ in Wire.field(0x0a, value) }
            return Wire.field(0x0a, Wire.field(0x0a, "k") + Wire.field(0x12, Wire.field(0x32, values)))
        }
    }

    static func map(_ name: String, _ outer: UInt8, _ inner: UInt8, _ value: [UInt8]) -> GrowingShape {
        GrowingShape(testDescription: name) { count in
            Wire.field(outer, (0..<count).flatMap { Wire.field(inner, Wire.field(0x0a, Self.key($0)) + value) })
        }
    }

    /// Different keys of control characters, as short as they can be.
    static func key(_ number: Int) -> [UInt8] {
        var rest = number
        var key: [UInt8] = []
        repeat {
            key.append(UInt8(rest % 31) + 1)
            rest /= 31
        } while rest > 0
        return key
    }

    static func double(_ value: Double) -> [UInt8] {
        [0x11] + withUnsafeBytes(of: value.bitPattern.littleEndian, Array.init)
    }

    static func nested(_ depth: Int) -> [UInt8] {
        (0..<depth).reduce([0x2a, 0x00]) { value, _ in Wire.field(0x32, Wire.field(0x0a, value)) }
    }
}

extension GrowingShape {
    static let longestDouble = -2.2250738585072014e-308

    static let all: [GrowingShape] = [
        GrowingShape(testDescription: "control characters") { Wire.field(0x0a, [UInt8](repeating: 1, count: $0)) },
        GrowingShape(testDescription: "delete") { Wire.field(0x0a, [UInt8](repeating: 0x7f, count: $0)) },
        GrowingShape(testDescription: "two-byte controls") { Wire.field(0x0a, String(repeating: "\u{80}", count: $0)) },
        GrowingShape(testDescription: "line separators") { Wire.field(0x0a, String(repeating: "\u{2028}", count: $0)) },
        GrowingShape(testDescription: "a key of control characters") {
            Wire.field(0x32, Wire.field(0x2a, Wire.field(0x0a, [UInt8](repeating: 1, count: $0))))
        },
        .map("metadata: zeros left out", 0x32, 0x2a, []),
        .map("metadata: zeros", 0x32, 0x2a, Self.double(0)),
        .map("metadata: longest numbers", 0x32, 0x2a, Self.double(longestDouble)),
        .map("metadata: infinities", 0x32, 0x2a, Self.double(-.infinity)),
        .map("legacy metadata: zeros left out", 0x32, 0x12, []),
        .map("legacy metadata: short numbers", 0x32, 0x12, [0x10, 0x7f]),
        .map("legacy metadata: 7 bytes", 0x32, 0x12, [0x10] + Wire.varint(1 << 49 - 1)),
        .map("legacy metadata: 9 bytes", 0x32, 0x12, [0x10] + Wire.varint(1 << 63 - 1)),
        .map("legacy metadata: 10 bytes", 0x32, 0x12, [0x10] + Wire.varint(.max)),
        .map("flags: empty", 0x42, 0x0a, []),
        .map("flags: control characters", 0x42, 0x0a, Wire.field(0x12, "\u{1}")),
        .structure("fields: null") { count in
            (0..<count).flatMap { Wire.field(0x0a, Wire.field(0x0a, Self.key($0)) + [0x12, 0x02, 0x08, 0x00]) }
        },
        .structure("fields: empty objects") { count in
            (0..<count).flatMap { Wire.field(0x0a, Wire.field(0x0a, Self.key($0)) + [0x12, 0x02, 0x2a, 0x00]) }
        },
        .list("null", [0x08, 0x00]),
        .list("false", [0x20, 0x00]),
        .list("empty text", [0x1a, 0x00]),
        .list("a control character", [0x1a, 0x01, 0x01]),
        .list("empty objects", [0x2a, 0x00]),
        .list("empty lists", [0x32, 0x00]),
        .list("lists in lists", Self.nested(20)),
        .list("zeros", Self.double(0)),
        .list("longest numbers", Self.double(longestDouble)),
        GrowingShape(testDescription: "unknown packed numbers") { Wire.field(0x7a, [UInt8](repeating: 1, count: $0)) },
        GrowingShape(testDescription: "numbers packed where one is expected") {
            Wire.field(0x32, Wire.field(0x0a, [UInt8](repeating: 1, count: $0)))
        },
        GrowingShape(testDescription: "empty messages again and again") { count in
            (0..<count).flatMap { _ in
                [0x2a, 0x00, 0x32, 0x00, 0x3a, 0x00, 0x42, 0x00, 0x4a, 0x00, 0x52, 0x00] as [UInt8]
            }
        },
        GrowingShape(testDescription: "everything empty, once") { _ in Self.everythingEmpty },
    ]

    /// Each field of the contract as short as it can be and yet in the JSON, with numbers that are long in it.
    static var everythingEmpty: [UInt8] {
        var event = Telemetrygateway_V1_Event()
        event.id = "i"
        event.feature = "f"
        event.action = "a"
        event.timestamp.seconds = 253_402_300_799
        event.timestamp.nanos = 999_999_999
        event.source.server.version = "v"
        event.source.client.name = "n"
        event.source.client.version = ""
        event.parameters.version = .min
        event.parameters.legacyMetadata = ["": .min]
        event.parameters.metadata = ["": longestDouble]
        event.parameters.privateMetadata = Google_Protobuf_Struct()
        event.parameters.billingMetadata.product = "p"
        event.parameters.billingMetadata.category = "c"
        event.user.userID = .min
        event.user.anonymousUserID = ""
        event.user.samsExternalID = ""
        event.featureFlags.flags = ["": ""]
        event.marketingTracking.url = ""
        event.marketingTracking.firstSourceURL = ""
        event.marketingTracking.cohortID = ""
        event.marketingTracking.referrer = ""
        event.marketingTracking.lastSourceURL = ""
        event.marketingTracking.deviceSessionID = ""
        event.marketingTracking.sessionReferrer = ""
        event.marketingTracking.sessionFirstURL = ""
        event.interaction.traceID = ""
        event.interaction.interactionID = ""
        event.interaction.geolocation.countryCode = "C"
        return (try? event.serializedBytes()) ?? []
    }
}
