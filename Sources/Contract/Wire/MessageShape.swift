/// The messages of the contract, as much as the scanner must know of them: which field numbers hold what.
enum MessageShape: UInt8 {
    case requestMetadata, identifier, licensedInstance, unlicensedInstance, managedService
    case source, sourceServer, sourceClient, parameters, billing, user, featureFlags, marketing, interaction
    case geolocation, structure, value, list

    /// What a field holds, in four bits.
    enum Content: UInt64 {
        case unknown, string, varint, double, message, mapOfVarint, mapOfDouble, mapOfString, mapOfValue
    }

    /// Contents of the fields 1 to 15, the lowest four bits for field 1; no message of the contract has more fields.
    @inline(__always)
    private var contents: UInt64 {
        switch self {
        case .requestMetadata: 0x41  // request_id, identifier
        case .identifier: 0x444
        case .licensedInstance: 0x111
        case .unlicensedInstance, .managedService: 0x11
        case .source: 0x44  // server, client
        case .sourceServer: 0x1
        case .sourceClient: 0x11
        case .parameters: 0x64452  // version, legacy_metadata, private_metadata, billing_metadata, metadata
        case .billing: 0x11
        case .user: 0x112  // user_id, anonymous_user_id, sams_external_id
        case .featureFlags: 0x7
        case .marketing: 0x1111_1111
        case .interaction: 0x411  // trace_id, interaction_id, geolocation
        case .geolocation: 0x1
        case .structure: 0x8  // fields
        case .value: 0x44_2132  // null, number, string, bool, struct, list
        case .list: 0x4
        }
    }

    /// What the field holds; `unknown` for a number that the contract does not have.
    @inline(__always)
    func content(of number: UInt32) -> Content {
        guard number <= 15 else { return .unknown }
        let shift = UInt64(number &- 1) &* 4
        return Content(rawValue: (contents &>> shift) & 15) ?? .unknown
    }

    /// The shape of a field whose content is a message.
    @inline(__always)
    func child(of number: UInt32) -> MessageShape {
        switch (self, number) {
        case (.requestMetadata, _): .identifier
        case (.identifier, 1): .licensedInstance
        case (.identifier, 2): .unlicensedInstance
        case (.identifier, _): .managedService
        case (.source, 1): .sourceServer
        case (.source, _): .sourceClient
        case (.parameters, 3): .structure
        case (.parameters, _): .billing
        case (.interaction, _): .geolocation
        case (.value, 5): .structure
        case (.value, _): .list
        default: .value
        }
    }
}
