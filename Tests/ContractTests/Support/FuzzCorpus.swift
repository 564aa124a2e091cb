internal import Contract
internal import SwiftProtobuf
import TestSupport

/// Encoded messages from all levels of a request, each with the way to wrap it into a request again, so that a mutation
/// deep inside is not drowned by wrong lengths outside.
struct FuzzCorpus {
    /// One encoded message and where it belongs.
    struct Piece {
        let level: Level
        let bytes: [UInt8]
    }

    enum Level: CaseIterable {
        case request, events, event, timestamp, parameters, structure, value, scalarEntry, metadata

        /// The request that holds a message of this level with these bytes.
        func request(around body: [UInt8]) -> [UInt8] {
            switch self {
            case .request: body
            case .events: Wire.field(0x12, body)
            case .event: Wire.request(event: body)
            case .timestamp: Wire.request(eventFields: Wire.field(0x12, body))
            case .parameters: Wire.request(eventFields: Wire.field(0x32, body))
            case .structure: Wire.request(eventFields: Wire.field(0x32, Wire.field(0x1a, body)))
            case .value: Wire.request(privateValue: body)
            case .scalarEntry: Wire.request(eventFields: Wire.field(0x32, Wire.field(0x2a, body)))
            case .metadata: Wire.field(0x0a, body)
            }
        }
    }

    let pieces: [Piece]

    init(seed: UInt64, piecesPerLevel: Int) throws {
        var generator = EventGenerator(random: SeededGenerator(seed: seed))
        var pieces: [Piece] = []
        for _ in 0..<piecesPerLevel {
            for level in Level.allCases {
                let bytes: [UInt8]
                switch level {
                case .request, .events: bytes = try generator.request(maximumEvents: 2).serializedBytes()
                case .event: bytes = try generator.event().serializedBytes()
                case .timestamp: bytes = [0x08, 0x80, 0x01, 0x10, 0x05]
                case .parameters: bytes = try generator.parameters().serializedBytes()
                case .structure: bytes = try generator.structure(depth: 3).serializedBytes()
                case .value: bytes = try generator.value(depth: 3).serializedBytes()
                case .scalarEntry: bytes = Wire.field(0x0a, "key") + [0x11, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f]
                case .metadata: bytes = try generator.metadata().serializedBytes()
                }
                pieces.append(Piece(level: level, bytes: bytes))
            }
        }
        self.pieces = pieces
    }
}
