internal import Foundation

/// The samples of `/metrics` at one moment, by name and labels as they are written.
struct Scrape {
    let samples: [String: Double]

    /// Asks a process.
    init(port: Int, in workspace: Workspace) async throws {
        let answer = try await Curl(workspace: workspace, port: port)("/metrics")
        guard answer.status == 200 else { throw HarnessError("/metrics: \(answer.status)") }
        var samples: [String: Double] = [:]
        for line in answer.body.split(separator: "\n") where !line.hasPrefix("#") {
            guard let space = line.lastIndex(of: " "), let value = Double(line[space...].dropFirst()) else {
                throw HarnessError("not a sample: \(line)")
            }
            let (name, labels) = Self.parts(line[..<space])
            samples["\(name){\(labels.sorted().joined(separator: ","))}"] = value
        }
        self.samples = samples
    }

    /// A sample; labels in alphabetical order, `name="value"`.
    func callAsFunction(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        samples["\(name){\(labels.map { "\($0.key)=\"\($0.value)\"" }.sorted().joined(separator: ","))}"]
    }

    /// The values of all samples of a name.
    func all(_ name: String) -> [Double] { samples.filter { $0.key.hasPrefix(name + "{") }.map(\.value) }

    /// The greatest finite upper bound of a histogram's buckets.
    func greatestBound(_ name: String) -> Double {
        samples.keys.filter { $0.hasPrefix("\(name)_bucket{") }
            .compactMap { $0.split(separator: "le=\"").last?.split(separator: "\"").first.flatMap { Double($0) } }
            .filter(\.isFinite).max() ?? 0
    }

    private static func parts(_ text: Substring) -> (name: Substring, labels: [Substring]) {
        guard let brace = text.firstIndex(of: "{") else { return (text, []) }
        // No label value of these tests has a comma or a brace.
        return (text[..<brace], text[brace...].dropFirst().dropLast().split(separator: ","))
    }
}
