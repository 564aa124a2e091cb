internal import CSupport
internal import Foundation
internal import Synchronization

/// What the fake has taken: an answered request, or a part of one that it then let fail.
package final class TakenMessages: Sendable {
    /// How much of each message is kept.
    package enum Keeping: Sendable {
        /// Only how many there were.
        case counts
        /// A line `{"id":…,"digest":…,"bytes":…}` in a file, the digest being CRC-32C of the data; the descriptor is
        /// the caller's.
        case digests(Int32)
        /// All of it.
        case messages
    }

    /// Figures so far.
    package struct Totals: Sendable, Equatable {
        package var messages = 0
        /// Bytes of data.
        package var bytes = 0
        /// Messages of requests that were taken and not answered as such: these may come again.
        package var unconfirmed = 0
    }

    private struct Request {
        let bytes: [UInt8]
        let messages: [PublishScanner.Message]
    }

    private struct State {
        var totals = Totals()
        var requests: [Request] = []
    }

    private let keeping: Keeping
    private let state = Mutex(State())

    init(keeping: Keeping) {
        self.keeping = keeping
    }

    package var totals: Totals { state.withLock(\.totals) }

    /// Everything taken, in the order in which it was; with `Keeping.messages` only.
    package func forEach(
        _ body: (_ data: UnsafeRawBufferPointer, _ attributes: [String: String]) throws -> Void
    ) rethrows {
        for request in state.withLock(\.requests) {
            try request.bytes.withUnsafeBytes { bytes in
                for message in request.messages {
                    try body(
                        UnsafeRawBufferPointer(rebasing: bytes[message.data]),
                        PublishScanner.attributes(bytes, message))
                }
            }
        }
    }

    /// Takes messages of a request: all that `take` lets through.
    /// - Returns: how many; nil when the request is not well-formed.
    func take(_ request: UnsafeRawBufferPointer, first: Int = .max, isConfirmed: Bool) -> Int? {
        var totals = Totals()
        var kept: [PublishScanner.Message] = []
        var lines: [UInt8] = []
        let isWhole = PublishScanner.scan(request) { message in
            guard totals.messages < first else { return }
            totals.messages += 1
            totals.bytes += message.data.count
            switch keeping {
            case .counts: break
            case .digests: Self.appendLine(request, message, to: &lines)
            case .messages: kept.append(message)
            }
        }
        guard isWhole else { return nil }
        state.withLock { state in
            state.totals.messages += totals.messages
            state.totals.bytes += totals.bytes
            if !isConfirmed { state.totals.unconfirmed += totals.messages }
            switch keeping {
            case .counts: break
            // In the lock, so that lines stay whole.
            case .digests(let file): Self.write(lines, to: file)
            case .messages: state.requests.append(Request(bytes: [UInt8](request), messages: kept))
            }
        }
        return totals.messages
    }

    private static func appendLine(
        _ request: UnsafeRawBufferPointer, _ message: PublishScanner.Message, to lines: inout [UInt8]
    ) {
        let digest = gateway_crc32c(0, request.baseAddress.map { $0 + message.data.lowerBound }, message.data.count)
        lines += "{\"id\":\"".utf8
        lines += request[PublishScanner.eventID(request, message.data)]
        lines += "\",\"digest\":\(digest),\"bytes\":\(message.data.count)}\n".utf8
    }

    private static func write(_ lines: [UInt8], to file: Int32) {
        var rest = lines[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
