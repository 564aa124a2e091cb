/// One thing that is wrong with a service's specification, worded for whoever must mend it.
package struct SpecProblem: Sendable, Equatable, CustomStringConvertible {
    /// The file as the operator named it.
    package var file: String
    /// The line, from 1.
    package var line: Int
    /// Where in the document, as in `environments[1].instances.resources.cpu`; empty for the whole of it.
    package var path: String
    /// What is wrong, and what is allowed.
    package var message: String

    package var description: String {
        path.isEmpty ? "\(file):\(line): \(message)" : "\(file):\(line): \(path): \(message)"
    }
}
