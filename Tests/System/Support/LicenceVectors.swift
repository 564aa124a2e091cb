internal import Foundation

/// The licence keys of the contract's vectors, and the public key that verifies them.
struct LicenceVectors: Decodable, Sendable {
    struct Case: Decodable, Sendable {
        let name: String
        let license_key: String
        let valid: Bool
    }

    let public_key: String
    let cases: [Case]

    static func load() throws -> LicenceVectors {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let data = try Data(contentsOf: tests.appending(path: "ContractTests/Vectors/license_keys.json"))
        return try JSONDecoder().decode(LicenceVectors.self, from: data)
    }

    /// A key that is genuine.
    var genuine: String { cases.first { $0.name == "v3 ok" }?.license_key ?? "" }

    /// Writes the public key where ingest can be told to read it.
    func writePublicKey(_ directory: String) throws -> String {
        let path = directory + "/licence.pub"
        try Data((public_key + "\n").utf8).write(to: URL(fileURLWithPath: path))
        return path
    }
}
