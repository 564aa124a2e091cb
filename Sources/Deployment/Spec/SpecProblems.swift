/// Collects what is wrong while a specification is read.
final class SpecProblems {
    private let file: String
    private var problems: [SpecProblem] = []

    init(file: String) { self.file = file }

    func add(line: Int, path: String, _ message: String) {
        problems.append(SpecProblem(file: file, line: line, path: path, message: message))
    }

    /// Throws all of them, if there are any.
    func throwIfAny() throws(SpecError) {
        guard !problems.isEmpty else { return }
        throw SpecError(problems: problems.enumerated().sorted { ($0.1.line, $0.0) < ($1.1.line, $1.0) }.map(\.1))
    }
}
