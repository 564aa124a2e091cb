/// A place in an event, as in `.parameters.metadata["key"]`.
struct EventPath: Sendable, Hashable {
    /// One step on the way.
    enum Step: Sendable, Hashable {
        /// A member of an object.
        case member(String)
        /// An element of an array, counted from 0.
        case element(Int)

        var text: String {
            switch self {
            case .member(let name): name.allSatisfy(EventPath.isPlain) ? ".\(name)" : #"["\#(name)"]"#
            case .element(let index): "[\(index)]"
            }
        }
    }

    /// The steps with where each begins in the text that was parsed, in bytes from 0; never empty.
    private(set) var steps: [(step: Step, position: Int)] = []

    /// Takes one more step.
    mutating func append(_ step: Step, at position: Int) { steps.append((step, position)) }

    /// Puts the contract's spelling for each member, and finds steps that no event can have.
    mutating func check() throws(EventEditFailure) {
        var shape = EventShape.event
        var place = ""
        for index in steps.indices {
            let (step, position) = steps[index]
            switch (shape, step) {
            case (.message(let members), .member(let written)):
                let name = members[written] == nil ? EventShape.camelCase(written) : written
                guard let next = members[name] else {
                    throw EventEditFailure(
                        position: position,
                        "\(place.isEmpty ? "an event" : place) has no “\(written)”; it has "
                            + members.keys.sorted().joined(separator: ", "))
                }
                steps[index].step = .member(name)
                shape = next
            case (.map(let value), .member): shape = value
            case (.anything, _): break
            case (.scalar, _):
                throw EventEditFailure(position: position, "\(place) is one value and has nothing inside it")
            case (.message, .element), (.map, .element):
                throw EventEditFailure(
                    position: position, "\(place.isEmpty ? "an event" : place) is no array; name a member of it")
            }
            place += steps[index].step.text
        }
    }

    /// Whether this place is that of `other`, or one that holds it.
    func covers(_ other: [String]) -> Bool {
        steps.count <= other.count && zip(steps, other).allSatisfy { $0.step == .member($1) }
    }

    /// The path as people write it.
    var text: String { steps.map(\.step.text).joined() }

    static func isPlain(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || character == "_")
    }

    static func == (left: EventPath, right: EventPath) -> Bool { left.steps.map(\.step) == right.steps.map(\.step) }

    func hash(into hasher: inout Hasher) { hasher.combine(steps.map(\.step)) }
}
