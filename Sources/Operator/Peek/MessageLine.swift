package import Contract
internal import Runtime

/// A rendered message as one line of JSON, the way the file destination writes it.
package enum MessageLine {
    /// `{"data":{…},"attributes":{…}}` and a newline.
    package static func bytes(of message: RenderedMessage, in arena: MessageArena) -> [UInt8] {
        var line = Array(#"{"data":"#.utf8)
        line += arena.bytes[message.data]
        line += Array(#","attributes":{"#.utf8)
        var isFirst = true
        arena.forEachAttribute(of: message) { key, value in
            if !isFirst { line.append(UInt8(ascii: ",")) }
            isFirst = false
            JSONText.appendQuoted(String(decoding: key, as: UTF8.self), to: &line)
            line.append(UInt8(ascii: ":"))
            JSONText.appendQuoted(String(decoding: value, as: UTF8.self), to: &line)
        }
        line += Array("}}\n".utf8)
        return line
    }
}
