internal import Contract
internal import Foundation
internal import GRPCCore
internal import GRPCNIOTransportHTTP2Posix
internal import SwiftProtobuf

/// Sends events to a telemetry gateway until each is acknowledged.
///
///     SendEventsExample HOST:PORT INSTANCE FILE
///
/// The file has one event a line, as protojson of `telemetrygateway.v1.Event`, each with an id. The messages are those
/// of this package; in yours, make them from `telemetrygateway.proto` with `protoc-gen-swift`.
@main
enum Main {
    private static let longestPause = 60.0

    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4, let colon = arguments[1].lastIndex(of: ":"),
            let port = Int(arguments[1][colon...].dropFirst())
        else {
            print("usage: SendEventsExample HOST:PORT INSTANCE FILE")
            exit(64)
        }
        let host = String(arguments[1][..<colon])
        let lines = try String(contentsOfFile: arguments[3], encoding: .utf8).split(separator: "\n")
        let events = try lines.map { try Telemetrygateway_V1_Event(jsonString: String($0)) }
        let outbox = Outbox(events)

        // With TLS: `transportSecurity: .tls`.
        let transport = try HTTP2ClientTransport.Posix(
            target: ResolvableTargets.DNS(host: host, port: port), transportSecurity: .plaintext)
        try await withGRPCClient(transport: transport) { client in
            let sender = EventSender(client: client, instance: arguments[2])
            var failures = 0
            while !outbox.isEmpty {
                let before = outbox.count
                do {
                    try await sender.send(outbox)
                } catch let error as RPCError where EventSender.isTemporary(error) {
                    failures = outbox.count < before ? 1 : failures + 1
                    let backoff = Double.random(in: 0...min(longestPause, 0.5 * pow(2, Double(failures))))
                    let pause = max(RetryDelay.seconds(in: error) ?? 0, backoff)
                    print("\(error.code): \(error.message); again in \(pause) s with the same ids")
                    try await Task.sleep(for: .seconds(pause))
                }
            }
        }
        for (id, reason) in outbox.refused { print("refused \(id): \(reason)") }
        print("\(events.count - outbox.refused.count) of \(events.count) events recorded")
    }
}
