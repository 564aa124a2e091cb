internal import Forwarder
internal import Synchronization

/// Workers that only remember what they are told.
final class RecordedSteering: DeliverySteering {
    let destinations: [String]
    private let told = Mutex<[String]>([])

    init(_ destinations: [String]) {
        self.destinations = destinations
    }

    var calls: [String] { told.withLock { $0 } }

    func pauseChanged(at destination: String) async { told.withLock { $0.append("pause changed at \(destination)") } }
    func replayAdded(at destination: String) async { told.withLock { $0.append("replay added at \(destination)") } }
    func drain(_ destinations: [String], thenExit: Bool) async {
        told.withLock { $0.append("drain \(destinations.joined(separator: " ")), then exit: \(thenExit)") }
    }
    func status() async -> [DeliveryStatus] { destinations.map { DeliveryStatus(name: $0) } }
}
