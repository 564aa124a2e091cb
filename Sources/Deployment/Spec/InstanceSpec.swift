/// How large and how many.
package struct InstanceSpec: Sendable, Equatable {
    static let keys = ["resources", "forwarderResources", "scaling"]

    /// Of ingest.
    package var resources: ResourceSpec
    /// Of the forwarder beside it.
    package var forwarderResources: ResourceSpec
    /// Cloud Run's generation.
    package var cloudRunGeneration: Int
    package var minimumCount: Int
    package var maximumCount: Int
    /// Requests at once that Cloud Run gives one instance.
    package var requestConcurrency: Int

    init(_ section: SpecSection) {
        let resources = section.section("resources", keys: ResourceSpec.keys + ["cloudRunGeneration"])
        self.resources = ResourceSpec(resources)
        forwarderResources = ResourceSpec(section.section("forwarderResources", keys: ResourceSpec.keys))
        cloudRunGeneration = resources.integer("cloudRunGeneration", in: 1...2, default: 2)
        let scaling = section.section("scaling", keys: ["minCount", "maxCount", "maxRequestConcurrency"])
        minimumCount = scaling.integer("minCount", in: 0...1000, default: 0)
        maximumCount = scaling.integer("maxCount", in: 1...1000, default: max(5, minimumCount))
        requestConcurrency = scaling.integer("maxRequestConcurrency", in: 1...1000, default: 1000)
        if minimumCount > maximumCount {
            scaling.problem("minCount", "\(minimumCount) is above maxCount, which is \(maximumCount)")
        }
    }

    /// Instances on Kubernetes, each with a volume of its own.
    package var replicas: Int { max(1, minimumCount) }
}
