import Forwarder
import Foundation
import TestSupport
import Transfer

/// Answers Publish calls as a test says, and reads what was published.
final class FakePublisher: Sendable {
    enum Answer: Sendable {
        /// All messages are taken.
        case taken
        /// A gRPC status, with more headers.
        case status(Int, String = "why", headers: [String: String] = [:])
        /// Something that is not gRPC.
        case http(Int, headers: [String: String] = [:])
        /// The transfer fails with this libcurl code.
        case curl(Int32)
    }

    struct Published: Sendable, Hashable {
        var data: String
        var attributes: [String: String] = [:]
        var orderingKey = ""
    }

    /// Taken from the front; when there is none, everything is taken.
    let answers = Changeable<[Answer]>([])
    /// The requests as they were sent.
    let requests = Recorder<HTTPTransferRequest>()
    /// The messages of the requests that were taken.
    let published = Recorder<[Published]>()

    var exchange: HTTPExchange {
        { request throws(TransferError) in try self.answer(request) }
    }

    private func answer(_ request: HTTPTransferRequest) throws(TransferError) -> HTTPTransferResponse {
        requests.record(request)
        let answer = answers.value.isEmpty ? Answer.taken : answers.value.removeFirst()
        switch answer {
        case .taken:
            guard let messages = try? Self.messages(in: request) else {
                return HTTPTransferResponse(status: 200, headers: ["grpc-status": "3"], body: [])
            }
            published.record(messages)
            var body: [UInt8] = []
            GRPCFrame.appendHeader(messageBytes: 3 * messages.count, to: &body)
            for _ in messages { body += [0x0A, 1, 0x31] }
            return HTTPTransferResponse(status: 200, headers: ["grpc-status": "0"], body: body)
        case .status(let code, let message, let headers):
            let headers = headers.merging(["grpc-status": "\(code)", "grpc-message": message]) { $1 }
            return HTTPTransferResponse(status: 200, headers: headers, body: [])
        case .http(let status, let headers):
            return HTTPTransferResponse(status: status, headers: headers, body: [])
        case .curl(let code):
            throw TransferError(reason: .curl, curlCode: code, message: "why")
        }
    }

    private static func messages(in request: HTTPTransferRequest) throws -> [Published] {
        var body = request.body
        if request.headers.contains(.init("grpc-encoding", "gzip")), body.first == 1 {
            var framed: [UInt8] = []
            let expanded = try Gzip.expanded(Array(body.dropFirst(GRPCFrame.headerBytes)))
            GRPCFrame.appendHeader(messageBytes: expanded.count, to: &framed)
            body = framed + expanded
        }
        guard let message = GRPCFrame.onlyMessage(in: body) else { throw ReceivedMessage.Malformed(text: "frame") }
        return try fields(message).filter { $0.0 == 2 }.map { try published($0.1) }
    }

    private static func published(_ message: ArraySlice<UInt8>) throws -> Published {
        var published = Published(data: "")
        for (number, bytes) in try fields(message) {
            switch number {
            case 1: published.data = String(decoding: bytes, as: UTF8.self)
            case 2:
                let pair = try fields(bytes)
                published.attributes[String(decoding: pair[0].1, as: UTF8.self)] =
                    String(decoding: pair[1].1, as: UTF8.self)
            case 5: published.orderingKey = String(decoding: bytes, as: UTF8.self)
            default: throw ReceivedMessage.Malformed(text: "field \(number)")
            }
        }
        return published
    }

    private static func fields(_ message: ArraySlice<UInt8>) throws -> [(UInt64, ArraySlice<UInt8>)] {
        var fields = ProtobufFields(message)
        var all: [(UInt64, ArraySlice<UInt8>)] = []
        while let (number, content) = try fields.next() {
            guard case .bytes(let bytes) = content else { throw ReceivedMessage.Malformed(text: "wire type") }
            all.append((number, bytes))
        }
        return all
    }
}
