internal import Foundation

/// A receiver of spans and errors (`Tests/Clients/observers.py`): everything it has is decoded by the official packages.
struct Observers {
    /// A span as it was received.
    struct Span: Decodable {
        let process: String
        let trace: String
        let id: String
        let parent: String
        let name: String
        let kind: Int
        let start: Double
        let end: Double
        let attributes: [String: JSONValue]
        /// `trace-span`.
        let links: [String]
        let status: Int
    }

    struct Request: Decodable {
        let kind: String
        let path: String
        let status: Int
        let at: Double
        let headers: [String: String]
        /// Decompressed; missing while it is under way.
        let body: Data?
        let problem: String?
    }

    struct Received: Decodable {
        let spans: [Span]
        let resources: [JSONValue]
        let events: [JSONValue]
        let requests: [Request]

        /// Everything that came, whatever was decoded of it.
        var everything: String {
            requests.map { "\($0.headers) \(String(decoding: $0.body ?? Data(), as: UTF8.self))" }.joined()
        }
    }

    /// One planned answer.
    struct Answer: Encodable {
        var status: Int
        var headers: [String: String] = [:]
        /// Whether it waits for ``Observers/release()``.
        var hold = false
    }

    /// The project of ``errorSettings``.
    static let key = "0123456789abcdef0123456789abcdef"

    private let workspace: Workspace
    private let port: Int

    init(in workspace: Workspace) async throws {
        self.workspace = workspace
        port = try await PythonClient.start("observers", [], in: workspace).port()
    }

    /// Exports spans at once, and all of them.
    var traceSettings: [String: String] {
        [
            "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:\(port)", "OTEL_BSP_SCHEDULE_DELAY": "50",
            "OTEL_TRACES_SAMPLER": "parentbased_always_off",
        ]
    }

    var errorSettings: [String: String] {
        ["SENTRY_DSN": "http://\(Self.key)@127.0.0.1:\(port)/42", "ENVIRONMENT_ID": "system-test"]
    }

    func received() async throws -> Received {
        let answer = try await Curl(workspace: workspace, port: port)("/received")
        let received = try JSONDecoder().decode(Received.self, from: Data(answer.body.utf8))
        if let problem = received.requests.compactMap(\.problem).first { throw HarnessError("not decoded: \(problem)") }
        return received
    }

    /// What comes next is answered like this, one answer a request.
    func plan(traces: [Answer] = [], errors: [Answer] = []) async throws {
        let body = try JSONEncoder().encode(["traces": traces, "errors": errors])
        _ = try await Curl(workspace: workspace, port: port)(
            "/behaviour", ["--data-binary", String(decoding: body, as: UTF8.self)])
    }

    /// Lets the answers go that wait.
    func release() async throws {
        _ = try await Curl(workspace: workspace, port: port)("/release", ["--data-binary", ""])
    }
}
