/// What one environment changes of the base on Kubernetes: a kustomize overlay.
struct KubernetesOverlay {
    let deployment: DeploymentRenderer
    let environment: EnvironmentSpec

    private var id: String { deployment.spec.service.id }
    private var directory: String { "deploy/kubernetes/overlays/\(environment.id)" }

    func files() -> [RenderedFile] {
        [
            file("kustomization.yaml", kustomization),
            file(
                "statefulset.yaml", statefulSet,
                "Patch of the base. Secrets are expected as keys of one Secret named \(id); docs/operations.md has the command."
            ),
            file("serviceaccount.yaml", serviceAccount, "Patch of the base: who the pods are to Google Cloud."),
            file("servicemonitor.yaml", serviceMonitor, "Patch of the base: the label that the alert rules look for."),
            file(
                "prometheusrule.yaml", prometheusRule,
                "The rules of deploy/monitoring/prometheus for the Prometheus operator."),
        ]
    }

    private func file(_ name: String, _ document: DocumentValue, _ notes: String...) -> RenderedFile {
        RenderedFile(
            path: "\(directory)/\(name)",
            content: YAMLDocument.text(head: deployment.head() + (notes.isEmpty ? [] : [""]) + notes, [document]))
    }

    private var kustomization: DocumentValue {
        [
            "apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization",
            "namespace": .text("\(id)-\(environment.id)"),
            "resources": ["../../base", "prometheusrule.yaml"],
            "labels": [["pairs": ["environment": .text(environment.id)]]],
            "patches": [
                ["path": "statefulset.yaml"], ["path": "serviceaccount.yaml"], ["path": "servicemonitor.yaml"],
            ],
            "images": [
                ["name": .text(deployment.spec.build.image), "newTag": .text(deployment.spec.rollout.initialImageTag)]
            ],
        ]
    }

    private var statefulSet: DocumentValue {
        let files = environment.secretFiles
        return [
            "apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": ["name": .text(id)],
            "spec": [
                "replicas": .integer(environment.instances.replicas),
                "template": [
                    "spec": .object([
                        "initContainers": [
                            container(
                                Deployed.forwarder, names: deployment.settings.forwarder,
                                resources: environment.instances.forwarderResources, port: "metrics")
                        ],
                        "containers": [
                            container(
                                Deployed.ingest, names: deployment.settings.ingest,
                                resources: environment.instances.resources, port: "grpc")
                        ],
                        "volumes": files.isEmpty ? nil : .list(files.map(volume)),
                    ])
                ],
                "volumeClaimTemplates": [
                    KubernetesBase.claim(size: environment.spool.size, storageClass: environment.spool.storageClass)
                ],
            ],
        ]
    }

    private func container(
        _ name: String, names: Set<String>, resources: ResourceSpec, port: String
    ) -> DocumentValue {
        let settings: [DocumentValue] = environment.settings(of: names).sorted { $0.key < $1.key }.map {
            ["name": .text($0.key), "value": .text($0.value)]
        }
        let secrets: [DocumentValue] = environment.secretSettings(of: names).sorted { $0.key < $1.key }.map {
            ["name": .text($0.key), "valueFrom": ["secretKeyRef": ["name": .text(id), "key": .text($0.value)]]]
        }
        let mounts: [DocumentValue] = environment.secretFiles(of: names).map {
            ["name": .text($0.name), "mountPath": .text($0.directory), "readOnly": true]
        }
        let limits: DocumentValue = ["cpu": .text("\(resources.cpu)"), "memory": .text("\(resources.memory)")]
        return .object([
            "name": .text(name),
            "env": settings.isEmpty && secrets.isEmpty ? nil : .list(settings + secrets),
            "resources": ["requests": limits, "limits": limits],
            "startupProbe": environment.probes.enabled && name == Deployed.ingest ? startupProbe(port) : nil,
            "livenessProbe": environment.probes.enabled
                ? probe(port, interval: environment.probes.livenessInterval, failures: ProbeSpec.failureThreshold)
                : nil,
            "volumeMounts": mounts.isEmpty ? nil : .list(mounts),
        ])
    }

    private func startupProbe(_ port: String) -> DocumentValue {
        // A large window of duplicates is read back at the start for ten seconds at most.
        probe(port, interval: environment.probes.startupInterval, failures: 10 * ProbeSpec.failureThreshold)
    }

    private func probe(_ port: String, interval: Int, failures: Int) -> DocumentValue {
        [
            "httpGet": ["path": "/livez", "port": .text(port)], "periodSeconds": .integer(interval),
            "timeoutSeconds": .integer(environment.probes.timeout), "failureThreshold": .integer(failures),
        ]
    }

    private func volume(_ file: SecretFileSpec) -> DocumentValue {
        [
            "name": .text(file.name),
            "secret": [
                "secretName": .text(id), "defaultMode": .integer(0o440),
                "items": [["key": .text(file.secret), "path": .text(file.fileName)]],
            ],
        ]
    }

    private var serviceAccount: DocumentValue {
        [
            "apiVersion": "v1", "kind": "ServiceAccount",
            "metadata": [
                "name": .text(id),
                "annotations": [
                    "iam.gke.io/gcp-service-account": .text("\(id)@\(environment.projectID).iam.gserviceaccount.com")
                ],
            ],
        ]
    }

    private var serviceMonitor: DocumentValue {
        // Lists of custom resources are replaced as a whole, so the job's relabelling stands here again.
        func endpoint(_ port: String, job: String) -> DocumentValue {
            [
                "port": .text(port), "path": "/metrics", "interval": .text(Deployed.scrapeInterval),
                "relabelings": [
                    ["targetLabel": "job", "replacement": .text(job)],
                    ["targetLabel": "environment", "replacement": .text(environment.id)],
                ],
            ]
        }
        return [
            "apiVersion": "monitoring.coreos.com/v1", "kind": "ServiceMonitor", "metadata": ["name": .text(id)],
            "spec": [
                "endpoints": [endpoint("grpc", job: Deployed.ingest), endpoint("metrics", job: Deployed.forwarder)]
            ],
        ]
    }

    private var prometheusRule: DocumentValue {
        [
            "apiVersion": "monitoring.coreos.com/v1", "kind": "PrometheusRule",
            "metadata": ["name": .text(id), "labels": ["app.kubernetes.io/name": .text(id)]],
            "spec": PrometheusRules(deployment: deployment, environment: environment).groups,
        ]
    }
}
