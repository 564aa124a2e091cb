/// Everything that is wrong with the configuration, at once, so that an operator corrects it in one round.
package struct ConfigurationError: Error, Sendable, ExitCodeConvertible, CustomStringConvertible {
    /// All problems: those of the file first, then by key in the order of declaration, then unknown names.
    package let problems: [ConfigurationProblem]

    package init(problems: [ConfigurationProblem]) {
        self.problems = problems
    }

    package var exitCode: ExitCode { .configuration }

    /// One line per problem below a heading that counts them.
    package var description: String {
        let count = problems.count == 1 ? "1 problem" : "\(problems.count) problems"
        return (["configuration: \(count)"] + problems.map { "  \($0)" }).joined(separator: "\n")
    }
}
