extension ConfigurationReader {
    /// Declares a path that may be left out, and reads the text of the file there: nil when it is left out or can not be
    /// read, which is a problem then.
    package mutating func optionalFileText(_ name: String, maximumBytes: Int, meaning: String) -> String? {
        guard let path = optionalPath(name, meaning: meaning) else { return nil }
        do throws(RuntimeFailure) {
            let content = try FileBytes.read(path: path, maximumBytes: maximumBytes)
            noteContent(content, of: name)
            return String(decoding: content, as: UTF8.self)
        } catch {
            addProblem(key: name, message: "\(path) can not be read: \(error.message)")
            return nil
        }
    }

    /// Declares a path that may be left out, to a file whose content matters: a certificate, a secret. Whoever uses the
    /// file says what is wrong with it; here only the beginning of its digest is kept.
    package mutating func optionalContentPath(_ name: String, meaning: String) -> String? {
        guard let path = optionalPath(name, meaning: meaning) else { return nil }
        if let content = try? FileBytes.read(path: path, maximumBytes: ConfigurationFile.maximumBytes) {
            noteContent(content, of: name)
        }
        return path
    }
}
