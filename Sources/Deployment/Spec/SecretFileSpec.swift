/// A secret that a process reads from a file.
package struct SecretFileSpec: Sendable, Equatable {
    /// The volume's name.
    package var name: String
    /// The file.
    package var path: String
    /// The secret's name.
    package var secret: String

    init(_ entry: SpecEntry) {
        let section = entry.section(keys: ["mountPath", "secret"])
        name = entry.name
        if !TextRule.name(maximum: 40).holds(name) {
            entry.problem("is no name; expected \(TextRule.name(maximum: 40).allowed)")
        }
        path = section.text("mountPath", .absolutePath)
        secret = section.text("secret", .secretName)
    }

    /// The directory of the file.
    var directory: String { path.lastIndex(of: "/").map { String(path[..<$0]) } ?? path }
    /// The file's name.
    var fileName: String { path.split(separator: "/").last.map(String.init) ?? path }
}
