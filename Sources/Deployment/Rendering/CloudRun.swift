/// One environment on Cloud Run: a service of two containers.
struct CloudRun {
    let deployment: DeploymentRenderer
    let environment: EnvironmentSpec

    private var id: String { deployment.spec.service.id }

    func file() -> RenderedFile {
        RenderedFile(
            path: "deploy/cloud-run/\(environment.id).yaml",
            content: YAMLDocument.text(
                head: deployment.head(
                    "NOT DURABLE. Cloud Run has no disk that outlives an instance. The spool is in memory here: events that",
                    "were acknowledged and not delivered yet are gone when the instance ends, by a new revision, by scaling",
                    "down or by a crash, and they take their part of the instance's memory while they wait. Network volumes",
                    "(NFS, Cloud Storage FUSE) are no way out: the spool is SQLite with a write-ahead log and needs a local",
                    "file system; the processes refuse one unless GATEWAY_SPOOL_ALLOW_NETWORK_FILESYSTEM=true says that",
                    "somebody has thought about it. Where the promise “nothing acknowledged is ever lost” is to hold, take",
                    "deploy/kubernetes or the Debian package.",
                    "",
                    "CPU is always on, because the forwarder works between requests. Ten seconds after SIGTERM an instance",
                    "is killed."), [service]))
    }

    private var service: DocumentValue {
        [
            "apiVersion": "serving.knative.dev/v1", "kind": "Service",
            "metadata": [
                "name": .text(id), "labels": ["environment": .text(environment.id)],
                "annotations": ["run.googleapis.com/ingress": "internal-and-cloud-load-balancing"],
            ],
            "spec": [
                "template": [
                    "metadata": [
                        "annotations": [
                            "autoscaling.knative.dev/minScale": .text("\(environment.instances.minimumCount)"),
                            "autoscaling.knative.dev/maxScale": .text("\(environment.instances.maximumCount)"),
                            "run.googleapis.com/cpu-throttling": "false",
                            "run.googleapis.com/execution-environment":
                                .text("gen\(environment.instances.cloudRunGeneration)"),
                        ]
                    ],
                    "spec": [
                        "serviceAccountName": .text("\(id)@\(environment.projectID).iam.gserviceaccount.com"),
                        "containerConcurrency": .integer(environment.instances.requestConcurrency),
                        "timeoutSeconds": 300,
                        "containers": [ingest, forwarder],
                        "volumes": .list(
                            [
                                [
                                    "name": .text(Deployed.spoolVolume),
                                    "emptyDir": [
                                        "medium": "Memory", "sizeLimit": .text("\(environment.spool.memory)"),
                                    ],
                                ]
                            ] + environment.secretFiles.map(volume)),
                    ],
                ],
                "traffic": [["percent": 100, "latestRevision": true]],
            ],
        ]
    }

    private var ingest: DocumentValue {
        // Cloud Run sets PORT itself.
        container(
            Deployed.ingest, binary: Deployed.ingestBinary, names: deployment.settings.ingest, own: [:],
            resources: environment.instances.resources, port: Deployed.ingestPort, serves: true)
    }

    private var forwarder: DocumentValue {
        container(
            Deployed.forwarder, binary: Deployed.forwarderBinary, names: deployment.settings.forwarder,
            own: ["GATEWAY_FORWARDER_PORT": "\(Deployed.forwarderPort)"],
            resources: environment.instances.forwarderResources, port: Deployed.forwarderPort, serves: false)
    }

    private func container(
        _ name: String, binary: String, names: Set<String>, own: [String: String], resources: ResourceSpec, port: Int,
        serves: Bool
    ) -> DocumentValue {
        var settings = environment.settings(of: names).merging(own) { _, own in own }
        settings["GATEWAY_SPOOL_DIRECTORY"] = Deployed.spoolDirectory
        let plain: [DocumentValue] = settings.sorted { $0.key < $1.key }.map {
            ["name": .text($0.key), "value": .text($0.value)]
        }
        let secrets: [DocumentValue] = environment.secretSettings(of: names).sorted { $0.key < $1.key }.map {
            ["name": .text($0.key), "valueFrom": ["secretKeyRef": ["name": .text($0.value), "key": "latest"]]]
        }
        let mounts: [DocumentValue] = environment.secretFiles(of: names).map {
            ["name": .text($0.name), "mountPath": .text($0.directory)]
        }
        return .object([
            "name": .text(name), "image": .text(deployment.spec.build.image), "command": [.text(binary)],
            "ports": serves ? [["name": "h2c", "containerPort": .integer(port)]] : nil,
            "env": .list(plain + secrets),
            "resources": ["limits": ["cpu": .text("\(resources.cpu)"), "memory": .text("\(resources.memory)")]],
            "startupProbe": environment.probes.enabled
                ? probe(port, interval: environment.probes.startupInterval) : nil,
            "livenessProbe": environment.probes.enabled
                ? probe(port, interval: environment.probes.livenessInterval) : nil,
            "volumeMounts": .list(
                [["name": .text(Deployed.spoolVolume), "mountPath": .text(Deployed.spoolMount)]] + mounts),
        ])
    }

    private func probe(_ port: Int, interval: Int) -> DocumentValue {
        [
            "httpGet": ["path": "/livez", "port": .integer(port)], "periodSeconds": .integer(interval),
            "timeoutSeconds": .integer(environment.probes.timeout),
            "failureThreshold": .integer(ProbeSpec.failureThreshold),
        ]
    }

    private func volume(_ file: SecretFileSpec) -> DocumentValue {
        [
            "name": .text(file.name),
            "secret": [
                "secretName": .text(file.secret), "items": [["key": "latest", "path": .text(file.fileName)]],
            ],
        ]
    }
}
