/// Asks before something that can not be undone.
enum Confirmation {
    /// Returns when the answer on standard input is yes.
    /// - Throws: `usage` without a terminal, `refused` for any other answer.
    static func ask(_ question: String) throws(OperatorFailure) {
        guard TextOutput.isStandardInputTerminal else {
            throw OperatorFailure(.usage, "\(question) There is no terminal to ask on: add --yes")
        }
        TextOutput.standardError.write("\(question) [y/N] ")
        let answer = readLine()?.lowercased() ?? ""
        guard answer == "y" || answer == "yes" else { throw OperatorFailure(.refused, "nothing is changed") }
    }
}
