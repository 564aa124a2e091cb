internal import Contract
internal import Foundation
internal import GRPCCore
internal import GRPCNIOTransportHTTP2Posix
internal import SwiftProtobuf

/// Sends what waits over one stream, and reads the answers meanwhile.
struct EventSender {
    private static let batchBytes = 1 << 20
    private static let method = MethodDescriptor(
        service: ServiceDescriptor(fullyQualifiedService: "telemetrygateway.v1.TelemeteryGatewayService"),
        method: "RecordEvents", type: .bidirectionalStreaming)

    let client: GRPCClient<HTTP2ClientTransport.Posix>
    let instance: String

    /// Whether waiting helps. All other codes need somebody who mends the sender or its rights; so does
    /// `RESOURCE_EXHAUSTED` when it does not say how long to wait: then a message is too long.
    static func isTemporary(_ error: RPCError) -> Bool {
        switch error.code {
        case .unavailable, .aborted, .cancelled, .deadlineExceeded, .internalError, .unknown: true
        default: RetryDelay.seconds(in: error) != nil
        }
    }

    func send(_ outbox: Outbox) async throws {
        let requests = messages(outbox.waiting)
        try await client.bidirectionalStreaming(
            request: StreamingClientRequest { writer in
                for request in requests { try await writer.write(request) }
            },
            descriptor: Self.method, serializer: MessageCodec(), deserializer: MessageCodec(), options: .defaults
        ) { (response: StreamingClientResponse<Telemetrygateway_V1_RecordEventsResponse>) in
            for try await answer in response.messages { outbox.take(answer) }
        }
    }

    /// One stream: who sends, then the events in batches of about 1 MiB.
    private func messages(_ events: [Telemetrygateway_V1_Event]) -> [Telemetrygateway_V1_RecordEventsRequest] {
        var first = Telemetrygateway_V1_RecordEventsRequest()
        first.metadata.requestID = UUID().uuidString
        first.metadata.identifier.unlicensedInstance.instanceID = instance
        var requests = [first]
        var size = Self.batchBytes
        for event in events {
            let bytes = (try? event.serializedData().count) ?? 0
            if size + bytes > Self.batchBytes {
                requests.append(Telemetrygateway_V1_RecordEventsRequest())
                size = 0
            }
            requests[requests.count - 1].events.events.append(event)
            size += bytes
        }
        return requests
    }
}
