/// Everything that is wrong with a service's specification, at once.
package struct SpecError: Error, Sendable, CustomStringConvertible {
    /// All problems, by line.
    package let problems: [SpecProblem]

    /// One line for each problem, below a heading that counts them.
    package var description: String {
        let count = problems.count == 1 ? "1 problem" : "\(problems.count) problems"
        return (["the specification has \(count)"] + problems.map { "  \($0)" }).joined(separator: "\n")
    }
}
