/// JSON as it stands in a text: members in their order, equal names kept, numbers unread.
indirect enum JSONNode {
    case null
    case bool(Bool)
    /// The number's own characters, checked against the grammar.
    case number(String)
    case string(String)
    case array([JSONNode])
    case object([JSONMember])
}

/// One member of an object.
struct JSONMember {
    let name: String
    let value: JSONNode

    /// The name as Go's decoder compares it: ASCII letters without case, and the two other characters that fold to one.
    var foldedName: String {
        var folded = String.UnicodeScalarView()
        for scalar in name.unicodeScalars {
            switch scalar {
            case "A"..."Z": folded.append(Unicode.Scalar(UInt8(truncatingIfNeeded: scalar.value) | 0x20))
            case "\u{17f}": folded.append("s")
            case "\u{212a}": folded.append("k")
            default: folded.append(scalar)
            }
        }
        return String(folded)
    }
}
