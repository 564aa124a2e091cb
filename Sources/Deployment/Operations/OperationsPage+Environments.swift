extension OperationsPage {
    /// How a version gets to each environment.
    var rollouts: String {
        let stages = deployment.spec.rollout.stages
        let promotion =
            stages.count > 1
            ? " Promotion of a release to the next stage in the pipeline must be done manually, in the pipeline's page or as below."
            : ""
        let pipeline = CloudDeploy.pipelineName(of: deployment.spec) ?? ""
        let last = stages.last.flatMap { deployment.spec.environment($0) }
        let location = "--project=\(last?.projectID ?? "") --region=\(last?.region ?? "")"
        return """
            ## Rollouts

            \(Markdown.properties([
                ("Delivery pipeline", Markdown.code(pipeline)),
                ("Stages", stages.joined(separator: " -> ")),
                ("Suspended", deployment.spec.rollout.suspended ? "yes: nothing is rolled out" : nil),
            ]))
            Changes to \(deployment.spec.service.name) are continuously delivered to the first stage (\(stages.first ?? "")) of the delivery pipeline.\(promotion)

            On Cloud Run, once and then for each release (the tag is `SHA7_BUILD`):

            \(Markdown.block("""
                gcloud deploy apply --file=deploy/cloud-deploy/clouddeploy.yaml \(location)
                gcloud deploy releases create deploy-SHA7-BUILD --delivery-pipeline=\(pipeline) \(location) \\
                  --source=deploy --skaffold-file=cloud-deploy/skaffold.yaml \\
                  --images=\(deployment.spec.build.image)=\(deployment.spec.build.image):SHA7_BUILD
                gcloud deploy releases promote --release=deploy-SHA7-BUILD --delivery-pipeline=\(pipeline) \(location)
                """, language: "text"))
            On Kubernetes the stages are applied in the same order. Pods are replaced one by one; each finds its spool on its own
            volume again:

            \(Markdown.block("""
                kubectl kustomize deploy/kubernetes/overlays/ENVIRONMENT | kubectl apply -f -
                kubectl rollout status statefulset/\(deployment.spec.service.id) -n \(deployment.spec.service.id)-ENVIRONMENT
                """, language: "text"))
            To take an instance away for good: stop its senders, `gatewayctl drain` in it until nothing waits, then scale down.
            Volumes are kept until somebody deletes them.

            """
    }

    /// Where it runs.
    var environments: String {
        """
        ## Environments

        Spools on Kubernetes are on a volume for each instance and survive everything but the loss of the volume. On Cloud
        Run they are in memory: what was acknowledged and not delivered yet is gone with the instance, so Cloud Run keeps
        the promise of the service that this one replaces, and not this one's. The heads of `deploy/cloud-run/*.yaml` say more.

        """ + deployment.spec.environments.map { "\n" + section($0) }.joined()
    }

    private func section(_ environment: EnvironmentSpec) -> String {
        let service = deployment.spec.service.id
        let namespace = "\(service)-\(environment.id)"
        let secrets = Set(environment.secretSettings.values).union(environment.secretFiles.map(\.secret)).sorted()
        let channel = environment.alerting.slackChannel ?? "#alerts-\(service)-\(environment.id)"
        let critical =
            environment.alerting.opsgenie || environment.category != .test ? "Slack and Opsgenie" : "Slack"
        return """
            <a id="\(environment.id)"></a>

            ### \(environment.id)

            \(Markdown.properties([
                ("Project ID", Markdown.code(environment.projectID)),
                ("Category", environment.category.rawValue),
                ("Deployment type", environment.deployType.rawValue),
                ("Region", Markdown.code(environment.region)),
                ("Domain", environment.domain.map { "[\($0.name)](https://\($0.name))" + ($0.proxied ? ", behind Cloudflare" : "") } ?? "none"),
                ("Instances", "\(environment.instances.replicas) on Kubernetes; \(environment.instances.minimumCount) to \(environment.instances.maximumCount) on Cloud Run"),
                ("Resources", "ingest \(resources(environment.instances.resources)); forwarder \(resources(environment.instances.forwarderResources))"),
                ("Spool", "\(environment.spool.size) for each instance on Kubernetes; \(environment.spool.memory) of memory on Cloud Run"),
                ("Destinations", environment.settings["GATEWAY_DESTINATIONS"].map(Markdown.code) ?? "`file://var/delivered`"),
                ("Secrets", secrets.isEmpty ? "none" : secrets.map(Markdown.code).joined(separator: ", ")),
                ("Slack notifications", Markdown.code(channel)),
                ("Alert policies", "[list](#alert-policies); warnings go to Slack, critical ones to \(critical)"),
                ("Kubernetes", "`deploy/kubernetes/overlays/\(environment.id)`, namespace `\(namespace)`"),
                ("Cloud Run", "`deploy/cloud-run/\(environment.id).yaml`; [console](https://console.cloud.google.com/run/detail/\(environment.region)/\(service)?project=\(environment.projectID))"),
            ]))
            \(Markdown.block(commands(environment, namespace: namespace, secrets: secrets), language: "text"))
            """
    }

    private func resources(_ resources: ResourceSpec) -> String { "\(resources.cpu) CPU, \(resources.memory)" }

    private func commands(_ environment: EnvironmentSpec, namespace: String, secrets: [String]) -> String {
        let service = deployment.spec.service.id
        let google = "deploy/monitoring/google/\(environment.id)"
        var lines = [
            "# logs, status and the console of an instance on Kubernetes",
            "kubectl logs -n \(namespace) \(service)-0 -c \(Deployed.ingest)",
            "kubectl exec -n \(namespace) \(service)-0 -c \(Deployed.forwarder) -- gatewayctl status",
            "kubectl port-forward -n \(namespace) \(service)-0 \(Deployed.forwarderPort)",
            "# logs on Cloud Run",
            "gcloud run services logs read \(service) --project=\(environment.projectID) --region=\(environment.region)",
            "# alert policies, from the log metric and the uptime check that two of them need",
            "gcloud logging metrics create \(GooglePolicies.preconditionMetric) --project=\(environment.projectID) \\",
            "  --config-from-file=\(google)/log-metric-precondition-failed.json",
            "for policy in \(google)/alert-policy-*.json; do",
            "  gcloud monitoring policies create --project=\(environment.projectID) --policy-from-file=\"$policy\"",
            "done",
        ]
        if environment.domain != nil {
            lines += [
                "envsubst '$DIAGNOSTICS_SECRET' <\(google)/uptime-check.json |",
                "  curl -fsS -H \"Authorization: Bearer $(gcloud auth print-access-token)\" -H 'Content-Type: application/json' \\",
                "    -d @- https://monitoring.googleapis.com/v3/projects/\(environment.projectID)/uptimeCheckConfigs",
            ]
        }
        if !secrets.isEmpty {
            lines += [
                "# the secrets on Kubernetes, one file each in the directory secrets",
                "kubectl create secret generic \(service) -n \(namespace) --from-file=secrets",
            ]
        }
        return lines.joined(separator: "\n")
    }
}
