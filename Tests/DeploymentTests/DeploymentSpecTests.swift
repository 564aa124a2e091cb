import Deployment
import Testing

@Suite struct DeploymentSpecTests {
    @Test func whatIsLeftOutHasTheDefaultsOfThePlatformBefore() throws {
        let spec = try SpecText.spec()
        let dev = try #require(spec.environment("dev"))
        #expect(spec.service.name == "telemetry-gateway")
        #expect(spec.build.directory == ".")
        #expect(spec.rollout.initialImageTag == "insiders")
        #expect(!spec.rollout.suspended)
        #expect(dev.deployType == .manual)
        #expect(dev.region == "us-central1")
        #expect(dev.domain == nil)
        #expect(dev.probes.timeout == 3)
        #expect(dev.probes.startupInterval == 3)
        #expect(dev.probes.livenessInterval == 30)
        #expect(dev.probes.startupLimit == 9)
        #expect(dev.instances.minimumCount == 0)
        #expect(dev.instances.replicas == 1)
        #expect(dev.instances.maximumCount == 5)
        #expect(dev.instances.requestConcurrency == 1000)
        #expect(dev.instances.resources.cpu == 1)
        #expect(dev.instances.resources.memory.description == "1Gi")
        #expect(!dev.alerting.opsgenie)
    }

    @Test func whatIsSetIsRead() throws {
        let prod = try #require(try SpecText.spec().environment("prod"))
        #expect(prod.domain?.name == "telemetry-gateway.example.com")
        #expect(prod.domain?.proxied == true)
        #expect(prod.instances.resources.cpu == 2)
        #expect(prod.instances.replicas == 2)
        #expect(prod.settings["GATEWAY_DESTINATIONS"] == "pubsub://telemetry-gateway-prod-acae/events")
        #expect(prod.secretFiles.first?.path == "/etc/telemetry-gateway/licence/keys.pub")
    }

    @Test(arguments: [
        (
            "cpu: 2,", "cpu: 16,",
            "service.yaml:23: environments[1].instances.resources.cpu: 16 is not allowed; expected one of 1, 2, 4, 6, 8"
        ),
        (
            "memory: 2Gi", "memory: 2GB",
            "service.yaml:23: environments[1].instances.resources.memory: “2GB” is not allowed; expected 512Mi to 32Gi, in Mi or Gi"
        ),
        (
            "memory: 2Gi", "memory: 16Gi",
            "service.yaml:23: environments[1].instances.resources.memory: 16Gi does not go with cpu 2; expected 512Mi to 8Gi"
        ),
        (
            "minCount: 2", "minCount: 20",
            "service.yaml:24: environments[1].instances.scaling.minCount: 20 is above maxCount, which is 10"
        ),
        (
            "minCount: 2", "mincount: 2",
            "service.yaml:24: environments[1].instances.scaling.mincount: is no known key; did you mean minCount?"
        ),
        (
            "category: test", "category: staging",
            "service.yaml:15: environments[0].category: “staging” is not allowed; expected one of test, internal, external"
        ),
        (
            "id: telemetry-gateway\n", "id: Telemetry_Gateway\n",
            "service.yaml:2: service.id: “Telemetry_Gateway” is not allowed; expected lower-case letters, digits and dashes, beginning with a letter, 20 at most"
        ),
        (
            "owners: [core-services]", "owners: []",
            "service.yaml:3: service.owners: is empty; expected at least one entry"
        ),
        ("  description: Takes events.\n", "", "service.yaml:2: service.description: is missing; expected a text"),
        (
            "    - environment: prod", "    - environment: production",
            "service.yaml:11: rollout.stages[1].environment: “production” is no environment; expected one of dev, prod"
        ),
        (
            "GATEWAY_LOG_LEVEL", "GATEWAY_LOGLEVEL",
            "service.yaml:28: environments[1].env.GATEWAY_LOGLEVEL: is no setting of the gateway; did you mean GATEWAY_LOG_LEVEL?"
        ),
        (
            "GATEWAY_LOG_LEVEL: info", "PORT: 80",
            "service.yaml:28: environments[1].env.PORT: is set by the generated files themselves; remove it"
        ),
        (
            "GATEWAY_LOG_LEVEL: info", "DIAGNOSTICS_SECRET: x",
            "service.yaml:30: environments[1].secretEnv.DIAGNOSTICS_SECRET: is in env as well; keep one"
        ),
        (
            "{{ .ProjectID }}", "{{ .Project }}",
            "service.yaml:26: environments[1].env.GATEWAY_DESTINATIONS: {{ .Project }} is no template; allowed: {{ .ProjectID }}, {{ .ServiceDnsName }}"
        ),
        (
            "image: registry.example/telemetry-gateway", "image: registry.example/telemetry-gateway:v1",
            "service.yaml:6: build.image: “registry.example/telemetry-gateway:v1” is not allowed; expected the name of an image without a tag, as in registry.example/telemetry-gateway"
        ),
        (
            "mountPath: /etc/telemetry-gateway/licence/keys.pub", "mountPath: /etc/other/keys.pub",
            "service.yaml:32: environments[1].secretVolumes: /etc/other/keys.pub is named by no setting in env, so nothing would read it"
        ),
        (
            "      type: cloudflare\n", "      type: none\n",
            "service.yaml:21: environments[1].domain.cloudflare: has no meaning unless type is cloudflare"
        ),
    ])
    func saysWhatIsWrongWhereAndWhatIsAllowed(_ old: String, _ new: String, _ expected: String) {
        let text = SpecText.changed(old, new)
        #expect(text != SpecText.sound)
        #expect(SpecText.problems(text) == [expected])
    }

    @Test(arguments: [
        ("projectID: telemetry-gateway-dev-0050", "projectID: gateway-dev", "environments[0].projectID"),
        ("id: prod", "id: dev", "environments: has “dev” twice"),
        ("environments:", "environment:", "environment: is no known key; did you mean environments?"),
        ("zone: example.com", "zone: Example_com", "environments[1].domain.cloudflare.zone"),
        (
            "  stages:\n    - environment: dev\n    - environment: prod\n", "  suspended: false\n",
            "rollout.stages: is missing"
        ),
        ("category: test", "category:", "environments[0].category: has no value"),
        ("category: test", "category: [test]", "environments[0].category: is no single value"),
        (
            "category: test", "category: test\n    healthProbes: {timeout: 10, startupInterval: 5}",
            "startupInterval: is shorter"
        ),
        (
            "category: test", "category: test\n    spool: {memory: 1Gi}",
            "environments[0].spool: memory 1Gi is more than half"
        ),
        (
            "category: test", "category: test\n    alerting: {notificationChannels: [x]}",
            "notificationChannels[0]: is not allowed"
        ),
    ])
    func findsEveryKindOfMistake(_ old: String, _ new: String, _ expected: String) {
        let problems = SpecText.problems(SpecText.changed(old, new))
        #expect(problems.contains { $0.contains(expected) }, "\(problems)")
    }

    @Test func reportsAllAtOnceByLine() {
        let text = SpecText.changed("cpu: 2,", "cpu: 3,").replacing("category: test", with: "categroy: test")
        let problems = SpecText.problems(text)
        #expect(problems.count == 3)
        #expect(problems[0].contains("environments[0].category: is missing"))
        #expect(problems[1].contains("environments[0].categroy: is no known key; did you mean category?"))
        #expect(problems[2].contains("resources.cpu: 3 is not allowed"))
    }

    @Test(arguments: [
        ("", "service.yaml:1: is empty"), ("a: [", "is no YAML"), ("a: 1\na: 2\n", "has twice in one mapping: a"),
        ("just text\n", "service.yaml:1: is no mapping"), ("- a\n- b\n", "is no mapping"), ("a: *b\n", "is no YAML"),
        ("\u{0}", "is no YAML"), ("? {a: b}\n: c\n", "is no known key"),
    ])
    func textsThatAreNoSpecificationAreRefused(_ text: String, _ expected: String) {
        let problems = SpecText.problems(text)
        #expect(problems.contains { $0.contains(expected) }, "\(problems)")
    }

    @Test func noCutOfAGoodTextTraps() {
        let text = SpecText.sound
        for end in text.indices { _ = SpecText.problems(String(text[..<end])) }
    }
}
