internal import SwiftProtobuf

/// What can be asked about a set of `.proto` files. Files and symbols have their full names, without leading dot.
struct DescriptorIndex: Sendable {
    /// The names of all services, sorted.
    let services: [String]
    /// The full names of all messages.
    let messages: Set<String>

    /// By file name: the file first, then all that it imports, directly or not, each once.
    private let answers: [String: Grpc_Reflection_V1_FileDescriptorResponse]
    private let fileOfSymbol: [String: String]

    /// Indexes a serialized `google.protobuf.FileDescriptorSet` that holds every import of its files.
    /// - Throws: An error of SwiftProtobuf when the bytes are no such set.
    init(serialized: [UInt8]) throws {
        let files = try Google_Protobuf_FileDescriptorSet(serializedBytes: serialized).file
        let fileNamed = Dictionary(files.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var symbols = DescriptorSymbols()
        var answers: [String: Grpc_Reflection_V1_FileDescriptorResponse] = [:]
        for file in files {
            symbols.add(file)
            var names = [file.name]
            var next = names.startIndex
            while next < names.endIndex {
                for name in fileNamed[names[next]]?.dependency ?? [] where !names.contains(name) { names.append(name) }
                next += 1
            }
            answers[file.name] = try .with { answer in
                answer.fileDescriptorProto = try names.compactMap { try fileNamed[$0]?.serializedBytes() }
            }
        }
        self.answers = answers
        services = symbols.services.sorted()
        messages = symbols.messages
        fileOfSymbol = symbols.files
    }

    /// A file with all that it needs; nil when there is none of this name.
    func file(named name: String) -> Grpc_Reflection_V1_FileDescriptorResponse? { answers[name] }

    /// The file that declares a symbol, with all that it needs; nil when none does.
    func file(declaring symbol: String) -> Grpc_Reflection_V1_FileDescriptorResponse? {
        fileOfSymbol[symbol].flatMap { answers[$0] }
    }
}
