extension LicenceInformation {
    /// Decodes signed bytes, whose signature ``LicenceVerifier`` has checked. Names of any case; missing members and
    /// `null` say nothing; others are ignored, the nonce `n` too.
    package init(signedBytes: [UInt8]) throws(LicenceError) {
        let root: JSONNode
        do {
            root = try JSONReader.read(signedBytes)
        } catch {
            throw .informationMalformed("not JSON, at byte \(error.offset)")
        }
        var fields = Fields()
        switch root {
        case .null: break
        case .object(let members): for member in members { try fields.read(member) }
        default: throw .informationMalformed("not an object")
        }
        self.init(
            version: fields.version, tags: fields.tags, userCount: fields.userCount, createdAt: fields.createdAt,
            expiresAt: fields.expiresAt, salesforceSubscriptionID: fields.subscriptionID,
            salesforceOpportunityID: fields.opportunityID)
    }

    private struct Fields {
        var version: Int64 = 0
        var tags: [String] = []
        var userCount: UInt64 = 0
        var createdAt: Int64?
        var expiresAt: Int64?
        var subscriptionID: String?
        var opportunityID: String?

        mutating func read(_ member: JSONMember) throws(LicenceError) {
            let name = member.foldedName
            switch name {
            case "v": try Self.readNumber(member.value, into: &version, name: name)
            case "t": try readTags(member.value)
            case "u": try Self.readNumber(member.value, into: &userCount, name: name)
            case "c": try Self.readTime(member.value, into: &createdAt, name: name)
            case "e": try Self.readTime(member.value, into: &expiresAt, name: name)
            case "sf_sub_id": subscriptionID = try Self.text(member.value, name: name)
            case "sf_opp_id": opportunityID = try Self.text(member.value, name: name)
            default: break
            }
        }

        private mutating func readTags(_ value: JSONNode) throws(LicenceError) {
            tags = []
            switch value {
            case .null: break
            case .array(let elements):
                for element in elements { tags.append(try Self.text(element, name: "t") ?? "") }
            default: throw .informationMalformed("member t is not an array of strings")
            }
        }

        private static func readNumber<Number: FixedWidthInteger>(
            _ value: JSONNode, into number: inout Number, name: String
        ) throws(LicenceError) {
            switch value {
            case .null: break
            case .number(let digits):
                guard let found = Number(digits) else {
                    throw .informationMalformed("member \(name) is not a whole number in range")
                }
                number = found
            default: throw .informationMalformed("member \(name) is not a number")
            }
        }

        private static func readTime(_ value: JSONNode, into time: inout Int64?, name: String) throws(LicenceError) {
            guard let text = try text(value, name: name) else { return }
            guard let seconds = RFC3339.seconds(text) else {
                throw .informationMalformed("member \(name) is not an RFC 3339 time")
            }
            time = seconds == RFC3339.goZeroTime ? nil : seconds
        }

        private static func text(_ value: JSONNode, name: String) throws(LicenceError) -> String? {
            switch value {
            case .null: return nil
            case .string(let text): return text
            default: throw .informationMalformed("member \(name) is not text")
            }
        }
    }
}
