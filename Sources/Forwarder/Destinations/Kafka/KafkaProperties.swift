internal import Runtime

/// The file of librdkafka's own properties: one `name=value` in a line, `#` begins a comment.
enum KafkaProperties {
    /// What is wrong never repeats a value: it may be a password.
    static func read(path: String) throws(DestinationConfigurationError) -> [(name: String, value: String)] {
        let bytes: [UInt8]
        do throws(RuntimeFailure) {
            bytes = try FileBytes.read(path: path, maximumBytes: KafkaLimits.propertiesFileBytes)
        } catch {
            throw malformed("\(path): cannot be read: \(error.message)")
        }
        var properties: [(name: String, value: String)] = []
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() {
            let line = trimmed(line)
            if line.isEmpty || line.hasPrefix("#") { continue }
            guard let equals = line.firstIndex(of: "="), equals > line.startIndex else {
                throw malformed("\(path) line \(number + 1): name=value is needed")
            }
            properties.append(
                (String(trimmed(line[..<equals])), String(trimmed(line[line.index(after: equals)...]))))
        }
        return properties
    }

    static func malformed(_ message: String) -> DestinationConfigurationError {
        DestinationConfigurationError(
            code: .unusableCredentials, message: "\(KafkaSettings.propertiesFileKey): \(message)")
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
