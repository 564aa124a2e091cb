/// The outer JSON of a licence key, filled in the way Go's decoder fills a structure: members in their order, later
/// ones over earlier ones, `null` for "nothing said".
struct LicenceEnvelope {
    struct Signature {
        var format = ""
        var blob: [UInt8] = []
    }

    private(set) var signature: Signature?
    private(set) var information: [UInt8] = []

    init(_ root: JSONNode) throws(LicenceError) {
        if case .null = root { return }
        guard case .object(let members) = root else { throw .malformed("the key is not an object") }
        for member in members {
            switch member.foldedName {
            case "sig": try readSignature(member.value)
            case "info": try Self.readBytes(member.value, into: &information, name: "info")
            default: break
            }
        }
    }

    private mutating func readSignature(_ value: JSONNode) throws(LicenceError) {
        switch value {
        case .null:
            signature = nil
        case .object(let members):
            var parts = signature ?? Signature()
            for member in members {
                switch member.foldedName {
                case "format": try Self.readText(member.value, into: &parts.format, name: "sig.Format")
                case "blob": try Self.readBytes(member.value, into: &parts.blob, name: "sig.Blob")
                default: break
                }
            }
            signature = parts
        default:
            throw .malformed("member sig is not an object")
        }
    }

    private static func readText(_ value: JSONNode, into text: inout String, name: String) throws(LicenceError) {
        switch value {
        case .null: break
        case .string(let found): text = found
        default: throw .malformed("member \(name) is not a string")
        }
    }

    private static func readBytes(_ value: JSONNode, into bytes: inout [UInt8], name: String) throws(LicenceError) {
        switch value {
        case .null:
            bytes = []
        case .string(let text):
            do {
                bytes = try Base64.decode(Array(text.utf8), as: .standardPadded)
            } catch {
                throw .malformed("member \(name) is not base64, at its byte \(error.offset)")
            }
        default:
            throw .malformed("member \(name) is not a string")
        }
    }
}
