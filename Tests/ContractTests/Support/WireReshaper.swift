import TestSupport

/// Rewrites an encoded event in ways that no encoder would: fields out of order, repeated, in pieces, unknown, of the
/// wrong wire type. The result is mostly still protobuf, because the lengths around a change are written anew.
struct WireReshaper {
    var mutator: Mutator
    /// Once in so many messages something is changed (count).
    var oddity = 8
    /// Once in so many messages bytes are damaged (count); nil for never.
    var damage: Int?

    /// What a message inside an event is.
    enum Shape {
        case event, timestamp, source, texts, parameters, legacyEntry, numberEntry, structure, valueEntry, value, list
        case billing, user, flags, marketing, interaction

        func child(of number: UInt64) -> Shape? {
            switch (self, number) {
            case (.event, 2): .timestamp
            case (.event, 5): .source
            case (.event, 6): .parameters
            case (.event, 7): .user
            case (.event, 8): .flags
            case (.event, 9): .marketing
            case (.event, 10): .interaction
            case (.source, 1), (.source, 2), (.interaction, 3), (.flags, 1): .texts
            case (.parameters, 2): .legacyEntry
            case (.parameters, 3), (.value, 5): .structure
            case (.parameters, 4): .billing
            case (.parameters, 5): .numberEntry
            case (.structure, 1): .valueEntry
            case (.valueEntry, 2), (.list, 1): .value
            case (.value, 6): .list
            default: nil
            }
        }
    }

    private struct Field {
        var tag: UInt64
        var body: [UInt8]
        var isLengthDelimited: Bool { tag & 7 == 2 }

        var bytes: [UInt8] { Wire.varint(tag) + (isLengthDelimited ? Wire.varint(UInt64(body.count)) : []) + body }
    }

    mutating func reshape(_ event: [UInt8]) -> [UInt8] {
        reshape(event, .event)
    }

    private mutating func reshape(_ message: [UInt8], _ shape: Shape) -> [UInt8] {
        var fields = Self.split(message)
        for index in fields.indices where fields[index].isLengthDelimited {
            guard let child = shape.child(of: fields[index].tag >> 3) else { continue }
            fields[index].body = reshape(fields[index].body, child)
        }
        while mutator.random.once(in: oddity) { change(&fields) }
        let bytes = fields.flatMap(\.bytes)
        guard let damage, mutator.random.once(in: damage) else { return bytes }
        return mutator.mutate(bytes, with: message)
    }

    private mutating func change(_ fields: inout [Field]) {
        let place = mutator.random.below(fields.count + 1)
        switch mutator.random.below(8) {
        case 0:
            fields.shuffle(using: &mutator.random)
        case 1:
            fields.insert(unknown(), at: place)
        case 2 where !fields.isEmpty:
            fields.append(fields[mutator.random.below(fields.count)])
        case 3 where place < fields.count && fields[place].isLengthDelimited:
            // In two pieces: merged when it is a message, replaced when it is text.
            let parts = Self.split(fields[place].body)
            let cut = mutator.random.below(parts.count + 1)
            let first = Field(tag: fields[place].tag, body: parts[..<cut].flatMap(\.bytes))
            fields[place].body = parts[cut...].flatMap(\.bytes)
            fields.insert(first, at: place)
        case 4 where place < fields.count:
            fields[place].body = fields[place].isLengthDelimited ? [] : fields[place].body
        case 5 where place < fields.count:
            fields.remove(at: place)
        case 6 where place < fields.count && fields[place].isLengthDelimited:
            // A known number with a varint.
            fields.insert(Field(tag: fields[place].tag & ~7, body: [0x05]), at: place)
        default:
            if place < fields.count { fields.swapAt(0, place) }
        }
    }

    private mutating func unknown() -> Field {
        let number = UInt64(11 + mutator.random.below(3000))
        return switch mutator.random.below(5) {
        case 0: Field(tag: number << 3, body: Wire.varint(mutator.random.next()))
        case 1: Field(tag: number << 3 | 1, body: Array(repeating: 7, count: 8))
        case 2: Field(tag: number << 3 | 5, body: [1, 2, 3, 4])
        case 3: Field(tag: number << 3 | 3, body: Wire.field(0x0a, "group") + Wire.varint(number << 3 | 4))
        default: Field(tag: number << 3 | 2, body: [0xff, 0xfe])
        }
    }

    /// The fields of a message; what does not parse is left out.
    private static func split(_ message: [UInt8]) -> [Field] {
        var rest = message[...]
        var fields: [Field] = []
        while !rest.isEmpty, let tag = takeVarint(&rest) {
            switch tag & 7 {
            case 0:
                guard let value = takeVarint(&rest) else { return fields }
                fields.append(Field(tag: tag, body: Wire.varint(value)))
            case 1 where rest.count >= 8:
                fields.append(Field(tag: tag, body: Array(rest.prefix(8))))
                rest = rest.dropFirst(8)
            case 2:
                guard let length = takeVarint(&rest), length <= rest.count else { return fields }
                fields.append(Field(tag: tag, body: Array(rest.prefix(Int(length)))))
                rest = rest.dropFirst(Int(length))
            default:
                return fields
            }
        }
        return fields
    }

    private static func takeVarint(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while let byte = rest.popFirst(), shift < 64 {
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        return nil
    }
}
