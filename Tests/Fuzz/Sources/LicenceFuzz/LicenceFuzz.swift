/// libFuzzer's entry point: a licence key and its information are read or refused with a text of this program. Parsing
/// only: what is signed is checked by swift-crypto, which stays out of the fuzzer's instrumentation. The sources are
/// links to the product's.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzOne(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    check { () throws(LicenceError) in _ = try LicenceKey(text: String(decoding: bytes, as: UTF8.self)) }
    check { () throws(LicenceError) in _ = try LicenceInformation(signedBytes: bytes) }
    // The JSON inside a key without the need to guess base64.
    if let root = try? JSONReader.read(bytes) {
        check { () throws(LicenceError) in _ = try LicenceEnvelope(root) }
    }
    return 0
}

private func check(_ parse: () throws(LicenceError) -> Void) {
    do throws(LicenceError) {
        try parse()
    } catch {
        let isPrintable = error.message.utf8.allSatisfy { (0x20..<0x7f).contains($0) }
        // Ending the process is how a fuzz target reports.
        if error.message.utf8.count > 300 || !isPrintable { fatalError("the text repeats the key: \(error)") }
    }
}
