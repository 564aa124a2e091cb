"""Everything that is generated for Kubernetes, Cloud Run, Cloud Deploy, Google Cloud Monitoring and Grafana has the shape
that it must have, hangs together, and has settings that the programs take."""

import base64
import copy
import glob
import json
import os
import shutil
import struct
import subprocess
import tempfile

import jsonschema
import kubernetes_validate
import yaml

# The oldest version with sidecars that stop last, and the newest one that there are schemas of.
KUBERNETES = ("1.29.0", "1.37.0")
BASE = "deploy/kubernetes/base"
# Lists that a strategic merge merges by the name of their entries; all others are replaced.
MERGED_BY = {"containers": "name", "initContainers": "name", "env": "name", "volumes": "name", "volumeMounts": "mountPath"}
problems = []
notes = []


def problem(where, text):
    problems.append(f"{where}: {text}")


def load(path):
    with open(path, encoding="utf-8") as file:
        return [document for document in yaml.safe_load_all(file) if document]


with open("Tests/DeployChecks/schemas.yaml", encoding="utf-8") as schemas_file:
    SCHEMAS = yaml.safe_load(schemas_file)


def check_schema(where, document, name):
    schema = {"$defs": SCHEMAS, "$ref": f"#/$defs/{name}"}
    for error in jsonschema.Draft202012Validator(schema).iter_errors(document):
        problem(where, f"{error.json_path}: {error.message}")


def check_kubernetes(where, document):
    if document["apiVersion"].startswith("monitoring.coreos.com/"):
        check_schema(where, document, document["kind"])
        return
    for version in KUBERNETES:
        try:
            kubernetes_validate.validate(document, version, strict=True)
        except kubernetes_validate.ValidationError as error:
            problem(where, f"Kubernetes {version}: {list(error.absolute_path)}: {error.message}")


def merge(base, patch, where, name=None):
    """A strategic merge as kustomize does it, for what the patches here have."""
    if isinstance(base, dict) and isinstance(patch, dict):
        merged = dict(base)
        for key, value in patch.items():
            merged[key] = merge(base[key], value, f"{where}.{key}", key) if key in base else value
        return merged
    key = MERGED_BY.get(name)
    if isinstance(base, list) and isinstance(patch, list) and key:
        patches = {entry[key]: entry for entry in patch}
        if name in ("containers", "initContainers"):
            for unknown in set(patches) - {entry[key] for entry in base}:
                problem(where, f"the patch hits no container: {unknown}")
        merged = [merge(entry, patches.pop(entry[key]), where) if entry[key] in patches else entry for entry in base]
        # What is new comes first, as kustomize has it.
        return list(patches.values()) + merged
    return patch


def identity(document):
    return document["apiVersion"], document["kind"], document["metadata"]["name"]


def rendered(overlay, base):
    """The documents of an overlay: patches applied, as far as they are needed for the checks."""
    kustomization = load(f"{overlay}/kustomization.yaml")[0]
    documents = {identity(document): copy.deepcopy(document) for document in base}
    for entry in kustomization["patches"]:
        path = f"{overlay}/{entry['path']}"
        for patch in load(path):
            if identity(patch) not in documents:
                problem(path, f"patches {identity(patch)}, which the base does not have")
                continue
            documents[identity(patch)] = merge(documents[identity(patch)], patch, path)
    for resource in kustomization["resources"]:
        if resource.endswith(".yaml"):
            for document in load(f"{overlay}/{resource}"):
                documents[identity(document)] = document
    tags = {image["name"]: image["newTag"] for image in kustomization["images"]}
    for document in documents.values():
        pod = pod_of(document)
        for container in containers_of(pod) if pod else []:
            if container["image"] not in tags:
                problem(overlay, f"no tag for the image {container['image']}")
            container["image"] = f"{container['image']}:{tags.get(container['image'])}"
    return list(documents.values())


def by_kustomize(overlay):
    """The same by kustomize itself; None where there is no kubectl."""
    if not shutil.which("kubectl"):
        return None
    done = subprocess.run(["kubectl", "kustomize", overlay], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        problem(overlay, f"kubectl kustomize: {done.stderr.strip()}")
        return None
    return [document for document in yaml.safe_load_all(done.stdout) if document]


def pod_of(document):
    return document["spec"]["template"]["spec"] if document["kind"] in ("StatefulSet",) else None


def containers_of(pod):
    return pod.get("initContainers", []) + pod["containers"]


def one(documents, kind, name=None):
    found = [item for item in documents if item["kind"] == kind and name in (None, item["metadata"]["name"])]
    return found[0] if len(found) == 1 else None


def check_together(where, documents):
    """What one document says of another."""
    stateful = one(documents, "StatefulSet")
    pod = pod_of(stateful)
    labels = stateful["spec"]["template"]["metadata"]["labels"]
    containers = containers_of(pod)
    ports = {port["name"]: port["containerPort"] for container in containers for port in container["ports"]}

    def selects(selector, whom, text):
        if not selector.items() <= whom.items():
            problem(where, f"{text} selects {selector}, and there is only {whom}")

    selects(stateful["spec"]["selector"]["matchLabels"], labels, "the StatefulSet")
    selects(one(documents, "PodDisruptionBudget")["spec"]["selector"]["matchLabels"], labels, "the PodDisruptionBudget")
    policy = one(documents, "NetworkPolicy")
    selects(policy["spec"]["podSelector"]["matchLabels"], labels, "the NetworkPolicy")
    allowed = {port["port"] for rule in policy["spec"]["ingress"] for port in rule["ports"]}
    services = [document for document in documents if document["kind"] == "Service"]
    for service in services:
        selects(service["spec"]["selector"], labels, f"the Service {service['metadata']['name']}")
        for port in service["spec"]["ports"]:
            if ports.get(port["targetPort"]) != port["port"]:
                problem(where, f"{service['metadata']['name']} has the port {port}, the containers have {ports}")
    if set(ports.values()) != allowed:
        problem(where, f"the NetworkPolicy lets in {allowed}, and containers listen on {ports}")
    if not one(documents, "Service", stateful["spec"]["serviceName"]):
        problem(where, f"the StatefulSet's Service {stateful['spec']['serviceName']} is missing")
    if not one(documents, "ServiceAccount", pod["serviceAccountName"]):
        problem(where, f"the ServiceAccount {pod['serviceAccountName']} is missing")
    monitor = one(documents, "ServiceMonitor")
    chosen = [item for item in services
              if monitor["spec"]["selector"]["matchLabels"].items() <= item["metadata"]["labels"].items()]
    if len(chosen) != 1:
        problem(where, f"the ServiceMonitor selects {len(chosen)} Services")
    else:
        names = {port["name"] for port in chosen[0]["spec"]["ports"]}
        for endpoint in monitor["spec"]["endpoints"]:
            if endpoint["port"] not in names:
                problem(where, f"the ServiceMonitor scrapes {endpoint['port']}, the Service has {names}")
    volumes = {volume["name"] for volume in pod["volumes"]}
    volumes |= {claim["metadata"]["name"] for claim in stateful["spec"]["volumeClaimTemplates"]}
    mounted = set()
    for container in containers:
        check_container(where, container, volumes)
        mounted |= {mount["name"] for mount in container["volumeMounts"]}
    for name in sorted(volumes - mounted):
        problem(where, f"the volume {name} is mounted nowhere")
    if not pod["securityContext"]["runAsNonRoot"] or pod["securityContext"]["runAsUser"] == 0:
        problem(where, "the pods run as root")
    forwarder = pod["initContainers"][0]
    if forwarder["restartPolicy"] != "Always" or "readinessProbe" in forwarder:
        problem(where, "the forwarder is no sidecar that leaves ingest ready")


def check_container(where, container, volumes):
    name = container["name"]
    ports = {port["name"] for port in container["ports"]}
    for probe in ("livenessProbe", "startupProbe"):
        if probe in container and container[probe]["httpGet"]["port"] not in ports:
            problem(where, f"{name}: the {probe} asks a port that there is not")
    context = container["securityContext"]
    if not context["readOnlyRootFilesystem"] or context["allowPrivilegeEscalation"]:
        problem(where, f"{name}: is not as locked down as it should be: {context}")
    for mount in container["volumeMounts"]:
        if mount["name"] not in volumes:
            problem(where, f"{name}: mounts {mount['name']}, which there is not")
    check_duplicates(where, name, container)


def check_duplicates(where, name, container):
    names = [setting["name"] for setting in container["env"]]
    for setting in {setting for setting in names if names.count(setting) > 1}:
        problem(where, f"{name}: {setting} is set twice")


def public_keys(directory):
    """A file of one public key in OpenSSH's form, for settings that name one."""
    key = f"{directory}/key.pem"
    subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
    modulus = subprocess.run(
        ["openssl", "rsa", "-in", key, "-noout", "-modulus"], check=True, capture_output=True, text=True).stdout
    number = bytes.fromhex(modulus.strip().split("=")[1])

    def field(data):
        return struct.pack(">I", len(data)) + data

    blob = field(b"ssh-rsa") + field(b"\x01\x00\x01") + field(b"\x00" + number)
    path = f"{directory}/keys.pub"
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"ssh-rsa {base64.b64encode(blob).decode()}\n")
    return path


def check_settings(where, container, keys):
    """The program itself reads the settings of its container."""
    program = f"{os.environ['BINARIES']}/{os.path.basename(container['command'][0])}"
    environment = {"PATH": os.environ["PATH"]}
    for setting in container["env"]:
        # Secrets are not here; a setting that names a file of one gets a file.
        value = setting.get("value", "secret")
        environment[setting["name"]] = keys if value.startswith("/etc/") else value
    done = subprocess.run([program, "--check-config"], env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        problem(where, f"{container['name']} does not take its settings: {done.stderr.strip() or done.stdout.strip()}")


def check_cloud_run(path, keys):
    for document in load(path):
        check_schema(path, document, "CloudRunService")
        spec = document["spec"]["template"]["spec"]
        volumes = {volume["name"] for volume in spec["volumes"]}
        for container in spec["containers"]:
            for mount in container["volumeMounts"]:
                if mount["name"] not in volumes:
                    problem(path, f"{container['name']}: mounts {mount['name']}, which there is not")
            check_duplicates(path, container["name"], container)
            check_settings(path, container, keys)
        if len([container for container in spec["containers"] if "ports" in container]) != 1:
            problem(path, "exactly one container serves")


def check_cloud_deploy():
    path = "deploy/cloud-deploy/clouddeploy.yaml"
    documents = load(path)
    for document in documents:
        check_schema(path, document, document["kind"])
    pipeline = one(documents, "DeliveryPipeline")
    skaffold = load("deploy/cloud-deploy/skaffold.yaml")[0]
    check_schema("deploy/cloud-deploy/skaffold.yaml", skaffold, "SkaffoldConfig")
    profiles = {profile["name"]: profile["manifests"]["rawYaml"] for profile in skaffold["profiles"]}
    for stage in pipeline["serialPipeline"]["stages"]:
        if not one(documents, "Target", stage["targetId"]):
            problem(path, f"the target {stage['targetId']} is missing")
        for profile in stage["profiles"]:
            for manifest in profiles.get(profile, ["missing"]):
                if not os.path.exists(f"deploy/cloud-deploy/{manifest}"):
                    problem(path, f"the profile {profile} names {manifest}, which there is not")


def check_monitoring():
    for path in glob.glob("deploy/monitoring/google/*/*.json"):
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
        kind = ("AlertPolicy" if "alert-policy" in path else "LogMetric" if "log-metric" in path else "UptimeCheck")
        check_schema(path, document, kind)
    for path in glob.glob("deploy/monitoring/grafana/*.json"):
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
        check_schema(path, document, "Dashboard")
        identifiers = [panel["id"] for panel in document["panels"]]
        places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in document["panels"]]
        if len(set(identifiers)) != len(identifiers) or len(set(places)) != len(places):
            problem(path, "panels share an id or a place")


def main():
    kustomization = load(f"{BASE}/kustomization.yaml")[0]
    base = []
    for resource in kustomization["resources"]:
        for document in load(f"{BASE}/{resource}"):
            check_kubernetes(f"{BASE}/{resource}", document)
            base.append(document)
    unused = {os.path.basename(path) for path in glob.glob(f"{BASE}/*.yaml")} - set(kustomization["resources"])
    if unused != {"kustomization.yaml"}:
        problem(BASE, f"files that the kustomization does not name: {unused}")
    check_together(BASE, base)
    overlays = sorted(glob.glob("deploy/kubernetes/overlays/*"))
    with tempfile.TemporaryDirectory() as directory:
        keys = public_keys(directory)
        for overlay in overlays:
            documents = rendered(overlay, base)
            kustomized = by_kustomize(overlay)
            for documents in (documents, kustomized or []):
                for document in documents:
                    check_kubernetes(f"{overlay} {document['kind']}", document)
            if kustomized is None:
                notes.append("kubectl is not there: overlays are merged by this program only")
            else:
                check_together(overlay, kustomized)
                mine = pod_of(one(rendered(overlay, base), "StatefulSet"))
                theirs = pod_of(one(kustomized, "StatefulSet"))
                for container in containers_of(mine) + containers_of(theirs):
                    container["env"].sort(key=lambda setting: setting["name"])
                if mine != theirs:
                    problem(overlay, f"kustomize merges otherwise: {theirs} instead of {mine}")
            documents = rendered(overlay, base)
            check_together(overlay, documents)
            for container in containers_of(pod_of(one(documents, "StatefulSet"))):
                check_settings(overlay, container, keys)
        for path in sorted(glob.glob("deploy/cloud-run/*.yaml")):
            check_cloud_run(path, keys)
    check_cloud_deploy()
    check_monitoring()
    if problems:
        raise SystemExit("\n".join(dict.fromkeys(problems)))
    for note in sorted(set(notes)):
        print(note)
    print(f"manifests are sound: {len(base)} documents and {len(overlays)} overlays by the schemas of Kubernetes "
          f"{' and '.join(KUBERNETES)}, settings by the programs")


main()
