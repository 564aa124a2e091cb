extension ConfigurationReader {
    /// Declares a path that may be left out, and reads the text of the file there: nil when it is left out or can not be
    /// read, which is a problem then.
    package mutating func optionalFileText(_ name: String, maximumBytes: Int, meaning: String) -> String? {
        guard let path = optionalPath(name, meaning: meaning) else { return nil }
        do throws(RuntimeFailure) {
            return String(decoding: try FileBytes.read(path: path, maximumBytes: maximumBytes), as: UTF8.self)
        } catch {
            addProblem(key: name, message: "\(path) can not be read: \(error.message)")
            return nil
        }
    }
}
