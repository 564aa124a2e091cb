"""Whether what pages point to is there."""
import re

from pages import without_blocks

LINK = re.compile(r"(?<!\\)\[(?:[^\]\[]|\[[^\]]*\])*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
FOLDERS = ("docs/", "scripts/", "deploy/", "Tests/", "Sources/", "Migrations/", "Examples/")


def anchors(text):
    """The anchors of a page's headings, as GitHub makes them."""
    found = {}
    for heading in re.findall(r"^#{1,6}\s+(.+?)\s*#*\s*$", without_blocks(text), re.M):
        slug = re.sub(r"[^\w\- ]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()).replace(" ", "-")
        count = found.get(slug, 0)
        found[slug] = count + 1
        yield slug if not count else f"{slug}-{count}"
    yield from re.findall(r'<a (?:id|name)="([^"]+)"', text)


def exists(root, page, name):
    """Whether a file is there, seen from the root or from the page's folder; a folder counts."""
    return (root / name).exists() or (root / page).parent.joinpath(name).exists()


def check(root, page, text):
    """Problems of a page's links, and of the files of this project that it names in code spans."""
    prose, problems = without_blocks(text), []
    for number, line in enumerate(prose.splitlines(), 1):
        for target in LINK.findall(re.sub(SPAN, "", line)) if "](" in line else []:
            path, _, anchor = target.partition("#")
            if re.match(r"[a-z][a-z0-9+.-]*:", path):
                continue
            file = (root / page).parent / path if path else root / page
            if not file.exists():
                problems.append(f"{page}:{number}: there is no {target}")
            elif anchor and file.suffix == ".md" and anchor not in set(anchors(file.read_text(encoding="utf-8"))):
                problems.append(f"{page}:{number}: {path or 'this page'} has no heading #{anchor}")
        for span in SPAN.findall(line):
            name = span.split()[0].rstrip(".,:;") if span.split() else ""
            named = name.startswith(FOLDERS) or re.fullmatch(r"[a-z][a-z-]*\.md", name)
            if named and not re.search(r"[*…<>{}$]|[A-Z]{3}", name) and not exists(root, page, name.partition("#")[0]):
                problems.append(f"{page}:{number}: there is no {name}")
    return problems
