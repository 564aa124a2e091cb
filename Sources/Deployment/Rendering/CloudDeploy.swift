/// The delivery pipeline of Cloud Deploy: the first stage by itself, the others by hand.
struct CloudDeploy {
    static let directory = "deploy/cloud-deploy"

    let deployment: DeploymentRenderer

    private var spec: DeploymentSpec { deployment.spec }
    private var stages: [EnvironmentSpec] { spec.rollout.stages.compactMap { spec.environment($0) } }

    /// The pipeline's name, by the last stage's region, as everybody knows it.
    static func pipelineName(of spec: DeploymentSpec) -> String? {
        guard let last = spec.rollout.stages.last.flatMap({ spec.environment($0) }) else { return nil }
        return "\(spec.service.id)-\(last.region)-rollout"
    }

    func files() -> [RenderedFile] {
        [
            RenderedFile(
                path: "\(Self.directory)/clouddeploy.yaml",
                content: YAMLDocument.text(
                    head: deployment.head(
                        "The pipeline lives in the project of the last stage. A release goes to the first stage by itself and to",
                        "the others by promotion."), [pipeline] + stages.map(target))),
            RenderedFile(
                path: "\(Self.directory)/skaffold.yaml",
                content: YAMLDocument.text(head: deployment.head("Which manifest each stage gets."), [skaffold])),
        ]
    }

    private var pipeline: DocumentValue {
        .object([
            "apiVersion": "deploy.cloud.google.com/v1", "kind": "DeliveryPipeline",
            "metadata": ["name": .text(Self.pipelineName(of: spec) ?? spec.service.id)],
            "description": .text("\(spec.service.name): \(spec.rollout.stages.joined(separator: " -> "))"),
            "suspended": spec.rollout.suspended ? true : nil,
            "serialPipeline": [
                "stages": .list(stages.map { ["targetId": .text(targetName($0)), "profiles": [.text($0.id)]] })
            ],
        ])
    }

    private func target(_ environment: EnvironmentSpec) -> DocumentValue {
        [
            "apiVersion": "deploy.cloud.google.com/v1", "kind": "Target",
            "metadata": ["name": .text(targetName(environment))],
            "description": .text("\(spec.service.name) \(environment.id), \(environment.category.rawValue)"),
            "run": ["location": .text("projects/\(environment.projectID)/locations/\(environment.region)")],
        ]
    }

    private func targetName(_ environment: EnvironmentSpec) -> String { "\(spec.service.id)-\(environment.id)" }

    private var skaffold: DocumentValue {
        [
            "apiVersion": "skaffold/v4beta7", "kind": "Config", "metadata": ["name": .text(spec.service.id)],
            "profiles": .list(
                stages.map {
                    ["name": .text($0.id), "manifests": ["rawYaml": [.text("../cloud-run/\($0.id).yaml")]]]
                }),
            "deploy": ["cloudrun": .object([])],
        ]
    }
}
