internal import Foundation
internal import Testing

/// What has become of the events of a test, once everything is delivered and both processes are stopped.
struct DeliveryCheck {
    private(set) var delivered = 0
    private(set) var duplicates = 0
    private(set) var lost: [String] = []
    private(set) var unknown: [String] = []
    private(set) var changed: [String] = []
    /// Delivered although no client has read an acknowledgement: allowed.
    private(set) var unacknowledged = 0

    init(_ files: DeliveredFiles, _ record: AcknowledgementRecord) throws {
        let (sent, acknowledged) = (record.sent, record.acknowledged)
        var seen: [String: Int] = [:]
        for message in try files.messages() {
            delivered += 1
            seen[message.id, default: 0] += 1
            guard sent.contains(message.id), let event = Load.event(id: message.id) else {
                unknown.append(message.id)
                continue
            }
            if message.event != event.json || message.attributes != event.attributes(source: "unlicensed_instance") {
                changed.append(message.id)
            }
        }
        duplicates = seen.values.reduce(0) { $0 + $1 - 1 }
        lost = acknowledged.filter { seen[$0] == nil }.sorted()
        unacknowledged = seen.keys.count { !acknowledged.contains($0) }
    }

    /// Nothing acknowledged is missing, nothing is other than it was sent, nothing is there that was not sent.
    func expectNothingLost(_ context: String) {
        #expect(lost.isEmpty, "\(lost.count) acknowledged events are lost, the first: \(lost.prefix(5)); \(context)")
        #expect(changed.isEmpty, "\(changed.count) messages are not as sent: \(changed.prefix(5)); \(context)")
        #expect(unknown.isEmpty, "\(unknown.count) messages were never sent: \(unknown.prefix(5)); \(context)")
    }
}
