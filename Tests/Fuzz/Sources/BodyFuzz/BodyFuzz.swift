internal import Contract

/// libFuzzer's entry point: of every body the decoder makes what SwiftProtobuf makes of its items, or refuses it. The
/// first byte says in which format. A disagreement stops the run and leaves the input in a `crash-…` file.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzOne(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    guard let first = bytes.first else { return 0 }
    var comparison = BodyComparison()
    let difference = comparison.difference(Array(bytes.dropFirst()), format: first & 1 == 0 ? .lines : .array)
    // Ending the process is how a fuzz target reports.
    if let difference { fatalError("the body's decoder and SwiftProtobuf disagree: \(difference)") }
    return 0
}
