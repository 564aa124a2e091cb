internal import FakePubSub
internal import Foundation

/// What has become of the events of a test that went to the fake Pub/Sub.
struct PublishedCheck {
    private(set) var delivered = 0
    private(set) var duplicates = 0
    /// Acknowledged, and neither delivered nor refused by the destination.
    private(set) var lost: [String] = []
    private(set) var unknown: [String] = []
    private(set) var changed: [String] = []

    /// - Parameter refused: ids that the destination refuses: they are to be dead letters and never to be taken.
    init(_ fake: FakePubSub, _ record: AcknowledgementRecord, refused: Set<String> = []) throws {
        let (sent, acknowledged) = (record.sent, record.acknowledged)
        var seen: Set<String> = []
        try fake.forEachMessage { message in
            delivered += 1
            if !seen.insert(message.id).inserted { duplicates += 1 }
            guard sent.contains(message.id), !refused.contains(message.id), let event = Load.event(id: message.id)
            else { return unknown.append(message.id) }
            let expected = event.attributes(source: "unlicensed_instance")
            // The product may add attributes of its own.
            if message.event != event.json || expected.contains(where: { message.attributes[$0.key] != $0.value }) {
                changed.append(message.id)
            }
        }
        lost = acknowledged.subtracting(seen).subtracting(refused).sorted()
    }
}
