internal import Contract
internal import SwiftProtobuf

/// libFuzzer's entry point: the scanner and SwiftProtobuf must agree about every input. A disagreement stops the run
/// and leaves the input in a `crash-…` file.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzOne(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    compareStream(bytes)
    compareUnary(bytes)
    return 0
}

private func compareStream(_ bytes: [UInt8]) {
    let oracle = try? Telemetrygateway_V1_RecordEventsRequest(serializedBytes: bytes)
    var scanner = WireScanner()
    scanner.scope = StreamScope(identity: .managedService(serviceID: "fuzz", environment: nil), metadata: [])
    let payload = bytes.withUnsafeBytes { try? scanner.scan($0, acknowledgeRefused: true) }
    guard let oracle else {
        require(payload == nil, "the scanner accepts what SwiftProtobuf refuses")
        return
    }
    switch oracle.payload {
    case nil:
        require(payload == RequestPayload.none, "no payload")
    case .metadata(let metadata):
        require(payload == .metadata, "metadata")
        let found = bytes.withUnsafeBytes { scanner.metadataBytes(of: $0) }
        let decoded = try? Telemetrygateway_V1_RecordEventsRequestMetadata(serializedBytes: found)
        require(decoded?.textFormatString() == metadata.textFormatString(), "metadata bytes")
    case .events(let events):
        require(payload == .events, "events")
        let verdicts = events.events.map(EventValidator.refusal)
        require(scanner.refused.map(\.reason) == verdicts.compactMap(\.self), "reasons")
        require(scanner.acceptedCount == verdicts.filter { $0 == nil }.count, "accepted events")
        let response = try? Telemetrygateway_V1_RecordEventsResponse(serializedBytes: scanner.acknowledgement)
        require(response?.succeededEvents == events.events.map(\.id), "acknowledged ids")
        require(response?.rejections.map(\.code) == verdicts.compactMap { $0?.name }, "rejections")
        let accepted = zip(events.events, verdicts).filter { $0.1 == nil }.map(\.0.id)
        require(accepted == ids(in: bytes, of: scanner), "ids of stored bytes")
        require(scanner.fingerprints == fingerprints(in: bytes, of: scanner), "fingerprints")
    }
}

private func forEachAccepted(
    in bytes: [UInt8], of scanner: WireScanner, _ body: (UnsafeRawBufferPointer) -> Void
) {
    bytes.withUnsafeBytes { message in
        for number in 0..<scanner.acceptedCount {
            let offset = Int(scanner.acceptedIndex[2 * number])
            let end = offset + Int(scanner.acceptedIndex[2 * number + 1])
            body(UnsafeRawBufferPointer(rebasing: message[offset..<end]))
        }
    }
}

private func ids(in bytes: [UInt8], of scanner: WireScanner) -> [String] {
    var ids: [String] = []
    forEachAccepted(in: bytes, of: scanner) { event in
        ids.append(WireScanner.eventID(of: event).map { String(decoding: $0, as: UTF8.self) } ?? "")
    }
    return ids
}

private func fingerprints(in bytes: [UInt8], of scanner: WireScanner) -> [UInt64] {
    var fingerprints: [UInt64] = []
    forEachAccepted(in: bytes, of: scanner) { event in
        guard let numbers = scanner.scope?.fingerprint(of: event) else { return }
        fingerprints += [numbers.0, numbers.1]
    }
    return fingerprints
}

private func compareUnary(_ bytes: [UInt8]) {
    let oracle = try? Telemetrygateway_V1_RecordEventRequest(serializedBytes: bytes)
    let scan = bytes.withUnsafeBytes { try? WireScanner().scanUnary($0) }
    require((oracle == nil) == (scan == nil), "unary acceptance")
    guard let oracle, let scan else { return }
    require((scan.metadata != nil) == oracle.hasMetadata && (scan.event != nil) == oracle.hasEvent, "unary fields")
    guard let event = scan.event else { return }
    require(scan.refusal == EventValidator.refusal(of: oracle.event), "unary reason")
    require(String(decoding: event[scan.id], as: UTF8.self) == oracle.event.id, "unary id")
}

private func require(_ condition: Bool, _ what: StaticString) {
    // Ending the process is how a fuzz target reports.
    if !condition { fatalError("scanner and SwiftProtobuf disagree: \(what)") }
}
