internal import Contract
internal import Logging
internal import Store

/// What one call came to.
struct CallSummary: Sendable {
    /// Characters of a client's own texts that a log line takes.
    private static let maximumTextLength = 128

    let kind: CallJournal.Kind
    /// Nil when the call ended before its sender was known.
    let sender: AdmittedSender?
    /// Messages with events.
    let batches: Int
    /// Events that are durable now, in the spool or in quarantine.
    let events: Int
    /// Those of them in quarantine.
    let refused: Int
    /// Events that were recorded before.
    let duplicates: Int
    /// From the first byte to the end, in seconds.
    let seconds: Double
    /// Why it failed; nil for success.
    let failure: (any Error)?

    /// The same fields on every line about a call; no key and no token is among them.
    var logMetadata: Logger.Metadata {
        var metadata: Logger.Metadata = [
            "kind": "\(kind.rawValue)", "batches": "\(batches)", "events": "\(events)", "refused": "\(refused)",
            "duplicates": "\(duplicates)", "seconds": "\(Self.rounded(seconds))",
        ]
        guard let sender else { return metadata }
        metadata["request_id"] = "\(sender.requestID.prefix(Self.maximumTextLength))"
        metadata["source"] = "\(sender.identity.source.prefix(Self.maximumTextLength))"
        metadata["client"] = "\(sender.identity.client.prefix(Self.maximumTextLength))"
        if !sender.stream.record.traceparent.isEmpty {
            metadata["traceparent"] = "\(sender.stream.record.traceparent)"
        }
        return metadata
    }

    private static func rounded(_ seconds: Double) -> Double {
        (seconds * 1000).rounded() / 1000
    }
}
