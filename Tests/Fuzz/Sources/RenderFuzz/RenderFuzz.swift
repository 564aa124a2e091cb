internal import Contract

/// libFuzzer's entry point: of every input the renderer makes the message that SwiftProtobuf makes, or refuses it as
/// SwiftProtobuf does. A disagreement stops the run and leaves the input in a `crash-…` file.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzOne(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    do {
        var comparison = try RenderingComparison()
        let difference = comparison.difference(Array(UnsafeBufferPointer(start: start, count: count)))
        // Ending the process is how a fuzz target reports.
        if let difference { fatalError("renderer and SwiftProtobuf disagree: \(difference)") }
    } catch {
        fatalError("the stream's metadata: \(error)")
    }
    return 0
}
