"""Runs the blocks of one page in a copy of the tree, in one shell."""
import contextlib
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile

from comparing import differs
from pages import Block

HERE = pathlib.Path(__file__).resolve().parent
# The longest that one page may take.
TIME_LIMIT_SECONDS = 180
# What pages say, and what is free here instead: ports of ingest, forwarder, emulator and receivers.
PORTS = ["10085", "10086", "8085", "8443", "8086", "9092"]
# Directories that pages name and that are in the copy here.
DIRECTORIES = ["/srv", "/etc/telemetry-gateway", "/var/lib/telemetry-gateway"]
HOME = "/home/you/telemetry-gateway"


def copy_tree(root, destination):
    """What a clone has, without the sources of the product and its tests, and links to what was made here."""
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", ".", ":!Sources/*.swift", ":!Tests/*.swift"], cwd=root, check=True,
        capture_output=True).stdout.decode().split("\0")
    for name in filter(None, names):
        source = root / name
        if source.is_file():
            (destination / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, destination / name)
    for made in (".venv", "var/go"):
        if (root / made).exists():
            (destination / made).parent.mkdir(parents=True, exist_ok=True)
            (destination / made).symlink_to(root / made)


def free_ports(count):
    """Ports that nothing listens on, and in which no port of the pages stands."""
    found = []
    with contextlib.ExitStack() as stack:
        while len(found) < count:
            one = stack.enter_context(socket.socket())
            one.bind(("127.0.0.1", 0))
            port = str(one.getsockname()[1])
            if not any(shown in port for shown in PORTS):
                found.append(port)
    return found


def commands(block):
    """The commands of a `console` block, each with what it shows that it prints."""
    found = []
    for line in block.text.splitlines():
        if line.startswith("$ "):
            found.append([line[2:], []])
        elif found and not found[-1][1] and found[-1][0].endswith("\\"):
            found[-1][0] += "\n" + line
        elif found:
            found[-1][1].append(line)
    return [(command, "\n".join(output)) for command, output in found]


def is_missing(root, block):
    """Whether a block needs something that could not be had here."""
    return "needs" in block.words and not (root / block.words["needs"]).exists()


def steps(blocks, root=HERE):
    """What is to be done: (block, kind, text, expected output or None). A file is written in its turn."""
    result, left_out = [], False
    for block in blocks:
        if block.runs or "file" in block.words:
            left_out = is_missing(root, block)
        if left_out:
            continue
        if "file" in block.words:
            result.append((block, "file", block.text, None))
        elif block.language == "console" and block.runs:
            result += [(block, "run", command, output or None) for command, output in commands(block)]
        elif block.runs:
            result.append((block, "run", block.text, None))
        elif "output" in block.words:
            if not result or result[-1][1] != "run":
                result.append((block, "lost", block.text, None))
            elif result[-1][3] is None:
                result[-1] = (*result[-1][:3], block.text)
    return result


def script(plan, state, ports):
    """The whole shell script of a page."""
    # Not exported: the services refuse names of this form that they do not know.
    binaries = os.environ.get("GATEWAY_BINARIES", "")
    lines = [f"state={state}", f"root={state.parent}/tree", f"binaries={binaries}", f"source {HERE}/shell.sh", "cd \"$root\""]
    lines += [f"replace {shown} {port}" for shown, port in zip(PORTS, ports)]
    lines += [f"mkdir -p \"$root{shown}\"" for shown in DIRECTORIES]
    lines += [f"replace {shown}/ \"$root{shown}/\"" for shown in DIRECTORIES]
    lines += [f"replace {HOME} \"$root\""]
    for number, (block, kind, text, _) in enumerate(plan):
        (state / f"{number}.sh").write_text(text)
        lines.append(f"begin {number}")
        words = block.words
        if kind == "file":
            lines.append(f"mkdir -p \"$(dirname \"$(replaced '{words['file']}')\")\"")
            lines.append(f"code {number} >\"$(replaced '{words['file']}')\"")
        elif "background" in words:
            lines.append(f"start {number} {words['background']}")
            until = words.get("until", '"message":"listening"')
            lines.append(f"await {number} {words['background']} '{until}'")
        elif "interrupt" in words:
            lines += [f"start {number} shown", f"await {number} shown .", "stop shown INT"]
        elif "exit" in words:
            lines.append(f"run_to_exit {number} {words['exit']}")
        else:
            lines.append(f"eval \"$(code {number})\"")
    lines.append(f"begin {len(plan)}")
    return "\n".join(lines) + "\n"


def end(process):
    """Ends a shell that takes too long: first what it waits for, so that it can end all else by itself."""
    for entry in pathlib.Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError):
            if int(entry.name) != process.pid and os.getsid(int(entry.name)) == process.pid:
                os.kill(int(entry.name), signal.SIGTERM)
    process.terminate()
    try:
        process.wait(40)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def shown(text, replacements):
    """An output in the words of the page."""
    for found, instead in replacements:
        text = text.replace(found, instead)
    return text


def run(root, blocks: list[Block], path, show=False):
    """Problems of a page, as texts. Nothing is left of what it made."""
    plan = steps(blocks, root)
    problems = [f"{block.place}: output of nothing" for block, kind, _, _ in plan if kind == "lost"]
    plan = [step for step in plan if step[1] != "lost"]
    if not plan:
        return problems
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="docs-"))
    try:
        tree, state = scratch / "tree", scratch / "state"
        state.mkdir()
        copy_tree(root, tree)
        ports = free_ports(len(PORTS))
        (state / "page.sh").write_text(script(plan, state, ports))
        environment = {
            "PATH": path, "HOME": str(scratch), "LANG": "C.UTF-8", "TERM": "dumb", "PORT": ports[0],
            "GATEWAY_FORWARDER_PORT": ports[1], "USER": "you",
        }
        process = subprocess.Popen(
            ["bash", str(state / "page.sh")], cwd=tree, env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=open(state / "shell.err", "wb"), start_new_session=True)
        late = False
        try:
            process.wait(TIME_LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            late = True
            end(process)
        replacements = [*((f"{tree}{shown}", shown) for shown in DIRECTORIES), (str(tree), HOME)]
        if show:
            for number, (block, kind, _, _) in enumerate(plan):
                if kind == "run" and not block.hidden:
                    print(f"--- {block.place}\n{read(state / f'{number}.out')}{read(state / f'{number}.err')}")
        return problems + judge(plan, state, process.returncode, late, replacements)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def judge(plan, state, status, late, replacements):
    """What went wrong in a shell that has ended."""
    current = state / "current"
    reached = int(current.read_text()) if current.exists() else 0
    problems = []
    for number, (block, _, _, expected) in enumerate(plan[:reached]):
        if expected is not None:
            printed = shown(read(state / f"{number}.out"), replacements)
            difference = differs(expected, printed)
            if difference:
                problems.append(f"{block.place}: {difference}")
    if status != 0 or late:
        block = plan[min(reached, len(plan) - 1)][0]
        why = f"not done within {TIME_LIMIT_SECONDS} s" if late else f"failed ({status})"
        said = read(state / f"{reached}.err") + read(state / f"{reached}.out") + read(state / "shell.err")
        tail = "\n    ".join(shown(said, replacements).strip().splitlines()[-15:])
        problems.append(f"{block.place}: {why}\n    {tail}")
    return problems


def read(path):
    """A file's text; empty where there is none."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", path.read_text(errors="replace")) if path.exists() else ""
