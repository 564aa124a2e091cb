internal import Secrets

/// Files that hold one secret each.
enum SecretFile {
    /// A secret of any characters; white space around it does not count.
    static func secret(_ path: String) -> WatchedFile<Secret> {
        file(path) { !$0.isEmpty }
    }

    /// A bearer token: visible ASCII.
    static func token(_ path: String) -> WatchedFile<Secret> {
        file(path) { !$0.isEmpty && $0.allSatisfy { $0 > 0x20 && $0 < 0x7F } }
    }

    private static func file(
        _ path: String, isUsable: @escaping @Sendable (ArraySlice<UInt8>) -> Bool
    ) -> WatchedFile<Secret> {
        WatchedFile(path: path, maximumBytes: WebhookLimits.secretFileBytes) { bytes in
            let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }
            var content = bytes.drop(while: isSpace)
            while let last = content.last, isSpace(last) { content.removeLast() }
            guard isUsable(content), let text = String(validating: content, as: UTF8.self) else {
                return .failure(.init(message: "holds nothing that can be used: one secret in one line is needed"))
            }
            return .success(Secret(text))
        }
    }
}
