/// In which order environments get a new version.
package struct RolloutSpec: Sendable, Equatable {
    static let keys = ["stages", "suspended", "initialImageTag"]

    /// Ids of environments, the first one first.
    package var stages: [String]
    /// Whether nothing is rolled out now.
    package var suspended: Bool
    /// The image's tag before the first release.
    package var initialImageTag: String

    /// - Parameter environments: the ids that there are.
    init(_ section: SpecSection, environments: [String]) {
        stages = []
        for stage in section.sections("stages", keys: ["environment"], required: true) {
            let name = stage.text("environment")
            if name.isEmpty { continue }
            if !environments.contains(name) {
                stage.problem(
                    "environment",
                    "“\(name)” is no environment; expected one of \(environments.joined(separator: ", "))")
            } else if stages.contains(name) {
                stage.problem("environment", "“\(name)” is a stage already; each environment is one at most")
            }
            stages.append(name)
        }
        suspended = section.boolean("suspended", default: false)
        initialImageTag = section.text(
            "initialImageTag", default: "insiders",
            TextRule(allowed: "a tag of an image") { $0.wholeMatch(of: /[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}/) != nil })
    }
}
