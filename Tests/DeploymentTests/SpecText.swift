import Deployment
import Runtime

/// Specifications for tests, made of a sound one.
enum SpecText {
    /// What the processes really read.
    static let settings = SettingNames(
        ingest: KnownKeys.ingest.union(KnownKeys.shared), forwarder: KnownKeys.forwarder.union(KnownKeys.shared))

    static let sound = """
        service:
          id: telemetry-gateway
          owners: [core-services]
          description: Takes events.
        build:
          image: registry.example/telemetry-gateway
          source: {repo: telemetry-gateway}
        rollout:
          stages:
            - environment: dev
            - environment: prod
        environments:
          - id: dev
            projectID: telemetry-gateway-dev-0050
            category: test
          - id: prod
            projectID: telemetry-gateway-prod-acae
            category: external
            domain:
              type: cloudflare
              cloudflare: {subdomain: telemetry-gateway, zone: example.com}
            instances:
              resources: {cpu: 2, memory: 2Gi}
              scaling: {minCount: 2, maxCount: 10}
            env:
              GATEWAY_DESTINATIONS: pubsub://{{ .ProjectID }}/events
              GATEWAY_LICENSE_PUBLIC_KEY_FILE: /etc/telemetry-gateway/licence/keys.pub
              GATEWAY_LOG_LEVEL: info
            secretEnv:
              DIAGNOSTICS_SECRET: DIAGNOSTICS_SECRET
            secretVolumes:
              licence-keys: {mountPath: /etc/telemetry-gateway/licence/keys.pub, secret: LICENCE_KEYS}

        """

    /// The sound one with one text in place of another.
    static func changed(_ old: String, _ new: String) -> String { sound.replacing(old, with: new) }

    static func spec(_ text: String = sound) throws -> DeploymentSpec {
        try DeploymentSpec(text, file: "service.yaml", settings: settings)
    }

    static func renderer(_ text: String = sound) throws -> DeploymentRenderer {
        DeploymentRenderer(spec: try spec(text), settings: settings, notes: "## Notes\n\nBy hand.\n")
    }

    /// The problems of a specification, as they are told.
    static func problems(_ text: String) -> [String] {
        do {
            _ = try spec(text)
            return []
        } catch {
            return (error as? SpecError)?.problems.map(\.description) ?? ["\(error)"]
        }
    }
}
