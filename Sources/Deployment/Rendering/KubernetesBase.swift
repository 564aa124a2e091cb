/// What all environments have in common on Kubernetes: a kustomize base.
struct KubernetesBase {
    static let directory = "deploy/kubernetes/base"

    let deployment: DeploymentRenderer

    private var id: String { deployment.spec.service.id }
    private var labels: DocumentValue { ["app.kubernetes.io/name": .text(id)] }
    /// The Service that names the pods one by one and has both ports: for the StatefulSet and for scrapes.
    private var podsService: String { "\(id)-pods" }

    func files() -> [RenderedFile] {
        [
            file("kustomization.yaml", [kustomization]),
            file(
                "statefulset.yaml", [statefulSet],
                "Ingest and its forwarder share one volume, which is where acknowledged events wait. The forwarder is a",
                "sidecar that starts first and stops last (Kubernetes 1.29 and later), so that what ingest took on its",
                "way down is still delivered. It has no readiness probe: a destination that is away must not take ingest",
                "out of service. Do not scale down before the forwarder of the last pod is drained (docs/operations.md)."
            ),
            file(
                "service.yaml", [service, headlessService],
                "\(id) is for senders; \(podsService) names each pod and is what Prometheus scrapes."),
            file("serviceaccount.yaml", [serviceAccount]),
            file(
                "poddisruptionbudget.yaml", [disruptionBudget],
                "One instance at a time may be away: its clients go to another one or wait, its spool stays on its volume."
            ),
            file(
                "networkpolicy.yaml", [networkPolicy],
                "In: events from everywhere, the forwarder's port from the namespace “monitoring” only. Out: DNS, https",
                "(Pub/Sub, the account service, receivers), the metadata server."),
            file(
                "servicemonitor.yaml", [serviceMonitor],
                "For the Prometheus operator; the rules need its two labels job and environment."),
        ]
    }

    private func file(_ name: String, _ documents: [DocumentValue], _ notes: String...) -> RenderedFile {
        RenderedFile(
            path: "\(Self.directory)/\(name)",
            content: YAMLDocument.text(head: deployment.head() + (notes.isEmpty ? [] : [""]) + notes, documents))
    }

    private func metadata(_ name: String? = nil) -> DocumentValue { ["name": .text(name ?? id), "labels": labels] }

    private var kustomization: DocumentValue {
        [
            "apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization",
            "resources": [
                "serviceaccount.yaml", "service.yaml", "statefulset.yaml", "poddisruptionbudget.yaml",
                "networkpolicy.yaml", "servicemonitor.yaml",
            ],
        ]
    }

    private var statefulSet: DocumentValue {
        [
            "apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": metadata(),
            "spec": [
                "serviceName": .text(podsService),
                "replicas": 1,
                // Pods share nothing, so none has to wait for another.
                "podManagementPolicy": "Parallel",
                "updateStrategy": ["type": "RollingUpdate"],
                "persistentVolumeClaimRetentionPolicy": ["whenDeleted": "Retain", "whenScaled": "Retain"],
                "selector": ["matchLabels": labels],
                "template": ["metadata": ["labels": labels], "spec": podSpec],
                "volumeClaimTemplates": [Self.claim(size: SpoolSpec.standardSize, storageClass: nil)],
            ],
        ]
    }

    /// The volume of each pod.
    static func claim(size: Quantity, storageClass: String?) -> DocumentValue {
        [
            "metadata": ["name": .text(Deployed.spoolVolume)],
            "spec": .object([
                "accessModes": ["ReadWriteOncePod"], "storageClassName": storageClass.map { .text($0) },
                "resources": ["requests": ["storage": .text("\(size)")]],
            ]),
        ]
    }

    private var podSpec: DocumentValue {
        [
            "serviceAccountName": .text(id),
            // Else a Service named like one of our settings would look like one.
            "enableServiceLinks": false,
            "terminationGracePeriodSeconds": .integer(Deployed.terminationSeconds),
            "securityContext": [
                "runAsNonRoot": true, "runAsUser": .integer(Deployed.user), "runAsGroup": .integer(Deployed.user),
                "fsGroup": .integer(Deployed.user), "fsGroupChangePolicy": "OnRootMismatch",
                "seccompProfile": ["type": "RuntimeDefault"],
            ],
            "topologySpreadConstraints": [
                [
                    "maxSkew": 1, "topologyKey": "kubernetes.io/hostname", "whenUnsatisfiable": "ScheduleAnyway",
                    "labelSelector": ["matchLabels": labels],
                ]
            ],
            "initContainers": [forwarder],
            "containers": [ingest],
            "volumes": [["name": "tmp", "emptyDir": ["sizeLimit": "64Mi"]]],
        ]
    }

    private var ingest: DocumentValue {
        container(
            Deployed.ingest, binary: Deployed.ingestBinary, portName: "grpc", port: Deployed.ingestPort,
            settings: ["PORT": "\(Deployed.ingestPort)"],
            more: [
                DocumentMember(
                    name: "readinessProbe",
                    value: ["grpc": ["port": .integer(Deployed.ingestPort)], "periodSeconds": 5, "timeoutSeconds": 3])
            ])
    }

    private var forwarder: DocumentValue {
        container(
            Deployed.forwarder, binary: Deployed.forwarderBinary, portName: "metrics", port: Deployed.forwarderPort,
            settings: ["GATEWAY_FORWARDER_PORT": "\(Deployed.forwarderPort)"],
            more: [DocumentMember(name: "restartPolicy", value: "Always")])
    }

    private func container(
        _ name: String, binary: String, portName: String, port: Int, settings: [String: String], more: [DocumentMember]
    ) -> DocumentValue {
        let settings = settings.merging(["GATEWAY_SPOOL_DIRECTORY": Deployed.spoolDirectory]) { first, _ in first }
        let container: DocumentValue = [
            "name": .text(name), "image": .text(deployment.spec.build.image), "command": [.text(binary)],
            "ports": [["name": .text(portName), "containerPort": .integer(port)]],
            "env": .list(
                settings.sorted { $0.key < $1.key }.map { ["name": .text($0.key), "value": .text($0.value)] }),
            "securityContext": [
                "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true,
                "capabilities": ["drop": ["ALL"]],
            ],
            "livenessProbe": ["httpGet": ["path": "/livez", "port": .text(portName)]],
            "volumeMounts": [
                ["name": .text(Deployed.spoolVolume), "mountPath": .text(Deployed.spoolMount)],
                ["name": "tmp", "mountPath": "/tmp"],
            ],
        ]
        return container.adding(more)
    }

    private var service: DocumentValue {
        [
            "apiVersion": "v1", "kind": "Service", "metadata": metadata(),
            "spec": [
                "type": "ClusterIP", "selector": labels,
                "ports": [
                    [
                        "name": "grpc", "port": .integer(Deployed.ingestPort), "targetPort": "grpc",
                        "appProtocol": "kubernetes.io/h2c",
                    ]
                ],
            ],
        ]
    }

    private var headlessService: DocumentValue {
        [
            "apiVersion": "v1", "kind": "Service",
            "metadata": [
                "name": .text(podsService),
                "labels": labels.adding([DocumentMember(name: "app.kubernetes.io/component", value: "pods")]),
            ],
            "spec": [
                "type": "ClusterIP", "clusterIP": "None", "selector": labels,
                // A pod that is not ready is scraped all the same: that is when its metrics matter.
                "publishNotReadyAddresses": true,
                "ports": [
                    ["name": "grpc", "port": .integer(Deployed.ingestPort), "targetPort": "grpc"],
                    ["name": "metrics", "port": .integer(Deployed.forwarderPort), "targetPort": "metrics"],
                ],
            ],
        ]
    }

    private var serviceAccount: DocumentValue {
        [
            "apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata(),
            "automountServiceAccountToken": false,
        ]
    }

    private var disruptionBudget: DocumentValue {
        [
            "apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": metadata(),
            "spec": ["maxUnavailable": 1, "selector": ["matchLabels": labels]],
        ]
    }

    private var networkPolicy: DocumentValue {
        func port(_ number: Int, _ transport: String = "TCP") -> DocumentValue {
            ["protocol": .text(transport), "port": .integer(number)]
        }
        return [
            "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata(),
            "spec": [
                "podSelector": ["matchLabels": labels], "policyTypes": ["Ingress", "Egress"],
                "ingress": [
                    ["ports": [port(Deployed.ingestPort)]],
                    [
                        "from": [
                            ["namespaceSelector": ["matchLabels": ["kubernetes.io/metadata.name": "monitoring"]]]
                        ],
                        "ports": [port(Deployed.forwarderPort)],
                    ],
                ],
                "egress": [
                    ["ports": [port(53, "UDP"), port(53), port(443)]],
                    [
                        "to": [
                            ["ipBlock": ["cidr": "169.254.169.254/32"]], ["ipBlock": ["cidr": "169.254.169.252/32"]],
                        ],
                        "ports": [port(80), port(988)],
                    ],
                ],
            ],
        ]
    }

    private var serviceMonitor: DocumentValue {
        func endpoint(_ port: String, job: String) -> DocumentValue {
            [
                "port": .text(port), "path": "/metrics", "interval": .text(Deployed.scrapeInterval),
                "relabelings": [["targetLabel": "job", "replacement": .text(job)]],
            ]
        }
        return [
            "apiVersion": "monitoring.coreos.com/v1", "kind": "ServiceMonitor", "metadata": metadata(),
            "spec": [
                "selector": [
                    "matchLabels": [
                        "app.kubernetes.io/name": .text(id), "app.kubernetes.io/component": "pods",
                    ]
                ],
                "endpoints": [
                    endpoint("grpc", job: Deployed.ingest), endpoint("metrics", job: Deployed.forwarder),
                ],
            ],
        ]
    }
}
