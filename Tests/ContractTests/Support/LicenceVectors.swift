internal import Foundation
internal import Testing

/// The file `license_keys.json`.
struct LicenceVectors: Decodable, Sendable {
    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        let name: String
        let licenseKey: String
        let valid: Bool

        var testDescription: String { name }
    }

    let publicKey: String
    let cases: [Case]

    static func load() throws -> LicenceVectors {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(LicenceVectors.self, from: Data(Fixture.bytes("license_keys.json")))
    }

    func key(_ name: String) throws -> String {
        try #require(cases.first { $0.name == name }).licenseKey
    }
}
