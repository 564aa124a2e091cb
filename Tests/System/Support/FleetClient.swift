internal import Contract

/// A sender of the fleet: what it says of itself and how its trouble is made.
struct FleetClient: Sendable {
    let id: String
    /// Nil for an instance without one.
    var licence: String?
    var url = ""
    /// Of its events; nil for none.
    var version: String? = "5.6.0"

    var metadata: [UInt8] {
        get throws {
            var metadata = Telemetrygateway_V1_RecordEventsRequestMetadata()
            metadata.requestID = "fleet-\(id)"
            if let licence {
                metadata.identifier.licensedInstance.licenseKey = licence
                metadata.identifier.licensedInstance.instanceID = id
                metadata.identifier.licensedInstance.externalURL = url
            } else {
                metadata.identifier.unlicensedInstance.instanceID = id
                metadata.identifier.unlicensedInstance.externalURL = url
            }
            return try Requests.stream(metadata)
        }
    }

    /// Its events, by their ids: `<id>-0`, `<id>-1` …
    func events(_ count: Int, from first: Int = 0) -> [Telemetrygateway_V1_Event] {
        (first..<first + count).map { number in
            var event = TestEvent(id: "\(id)-\(number)", number: number).message
            event.source.clearServer()
            if let version { event.source.server.version = version }
            return event
        }
    }
}
