"""Every alert has a case in which it fires and one in which it does not; every query of the dashboards goes into a file
of rules for promtool, and its metrics are ones that the programs have.

usage: check_alerts.py OUTPUT
"""

import glob
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request

import yaml

problems = []


def load(path):
    with open(path, encoding="utf-8") as file:
        return yaml.safe_load(file)


def rules():
    for path in sorted(glob.glob("deploy/monitoring/prometheus/*.rules.yaml")):
        for group in load(path)["groups"]:
            for rule in group["rules"]:
                yield path, rule


def check_cases():
    firing, quiet = set(), set()
    for path in glob.glob("Tests/DeployChecks/*.test.yaml"):
        for test in load(path)["tests"]:
            for case in test.get("promql_expr_test", []):
                name = re.search(r'alertname="(\w+)"', case["expr"]).group(1)
                (firing if case["exp_samples"] else quiet).add(name)
    names = {rule["alert"] for _, rule in rules()}
    for what, cases in (("in which it fires", firing), ("in which it does not fire", quiet)):
        for name in sorted(names - cases):
            problems.append(f"{name}: no case in Tests/DeployChecks {what}")
        for name in sorted(cases - names):
            problems.append(f"{name}: tested in Tests/DeployChecks, and no rule")
    return len(names)


def dashboard_queries():
    for path in sorted(glob.glob("deploy/monitoring/grafana/*.json")):
        for panel in load(path)["panels"]:
            for target in panel["targets"]:
                expression = target["expr"].replace("$__rate_interval", "1m").replace("$environment", "prod")
                if "$" in expression:
                    problems.append(f"{path}: {panel['title']}: a variable that Grafana does not know: {expression}")
                yield f"{path}: {panel['title']}", expression


# Words of PromQL, of labels, and metrics that Prometheus makes itself.
WORDS = set("""sum min max avg count by or unless and absent vector time offset rate increase changes Inf le
    histogram_quantile quantile_over_time max_over_time min_over_time avg_over_time""".split())
FROM_PROMETHEUS = {"up"}
# There only once something has happened, or with TLS: no program that has just started shows them.
LATER = {"gateway_failed_requests_total", "gateway_certificate_not_after_seconds", "gateway_dead_letters_total"}


def metrics_of(expression):
    bare = re.sub(r'"[^"]*"', "", expression)
    bare = re.sub(r"\{[^}]*\}|\[[^\]]*\]|\b(by|on|without)\s*\([^)]*\)", "", bare)
    return {word for word in re.findall(r"[a-zA-Z_][a-zA-Z0-9_]*", bare) if word not in WORDS and len(word) > 1}


def scraped():
    """Names of the metrics that the programs have after their start."""
    binaries = os.environ["BINARIES"]
    names = set()
    with tempfile.TemporaryDirectory() as directory:
        environment = {
            "PATH": os.environ["PATH"], "PORT": "0", "GATEWAY_LISTEN_HOST": "127.0.0.1", "GATEWAY_FORWARDER_PORT": "0",
            "GATEWAY_FORWARDER_HOST": "127.0.0.1", "GATEWAY_SPOOL_DIRECTORY": f"{directory}/spool",
            "GATEWAY_DESTINATIONS": f"file://{directory}/delivered",
        }
        for program in ("telemetry-ingest", "telemetry-forwarder"):
            process = subprocess.Popen(
                [f"{binaries}/{program}"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            try:
                line = process.stdout.readline()
                if not line:
                    raise SystemExit(f"{program} did not start: {process.stderr.read()}")
                address = f"http://127.0.0.1:{json.loads(line)['port']}/metrics"
                deadline = time.monotonic() + 60
                while True:
                    with urllib.request.urlopen(address, timeout=30) as answer:
                        text = answer.read().decode()
                    found = set(re.findall(r"^([a-zA-Z_:][\w:]*)", text, re.MULTILINE))
                    # The forwarder's figures come with its first look at the spool.
                    if program == "telemetry-ingest" or "gateway_audit_difference_events" in found:
                        break
                    if time.monotonic() > deadline:
                        raise SystemExit("the forwarder has no figures after a minute")
                    time.sleep(0.1)
                names |= found
                # Ingest ends first: the forwarder finds its spool then.
            finally:
                process.terminate()
                process.wait(60)
                process.stdout.close()
                process.stderr.close()
    return names


def main(output):
    alerts = check_cases()
    queries = list(dashboard_queries())
    known = scraped() | FROM_PROMETHEUS | LATER
    expressions = queries + [(f"{path}: {rule['alert']}", rule["expr"]) for path, rule in rules()]
    for where, expression in expressions:
        for metric in sorted(metrics_of(expression) - known):
            problems.append(f"{where}: no program has the metric {metric}")
    document = {
        "groups": [{
            "name": "dashboards",
            "rules": [{"record": f"dashboard:query:{index}", "expr": query} for index, (_, query) in enumerate(queries)],
        }]
    }
    with open(output, "w", encoding="utf-8") as file:
        yaml.safe_dump(document, file)
    if problems:
        raise SystemExit("\n".join(sorted(set(problems))))
    print(f"{alerts} alerts have both cases; {len(queries)} queries of dashboards use metrics that there are")


main(sys.argv[1])
