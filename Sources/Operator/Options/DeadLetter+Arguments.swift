internal import ArgumentParser
internal import Forwarder
package import Store

extension DeadLetterID: ExpressibleByArgument {
    package init?(argument: String) { self.init(argument) }
}

extension DeadLetter.Kind: ExpressibleByArgument {
    package static var allValueStrings: [String] { allCases.map(\.name) }

    package init?(argument: String) {
        guard let kind = Self.allCases.first(where: { $0.name == argument }) else { return nil }
        self = kind
    }
}

extension DeadLetter.State: ExpressibleByArgument {
    package static var allValueStrings: [String] { allCases.map(\.name) }

    package init?(argument: String) {
        guard let state = Self.allCases.first(where: { $0.name == argument }) else { return nil }
        self = state
    }
}
