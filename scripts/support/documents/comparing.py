"""Whether a command has printed what its page shows.

Spaces count as one. Exact are words and small whole numbers; any number will do for sizes, times, shares, dates and
everything above 999. `…` stands for any text in a line, alone in a line for any lines.
"""
import re

NUMBER = r"\d[\d.,]*(?:e[+-]?\d+)?"
SIZE = r"(?:B|kB|KiB|MB|MiB|GB|GiB|TiB)"
TIME = r"(?:µs|ms|s|min|m|h|d|days?)"
TOKEN = re.compile(
    rf"""(?P<any>…)
    |(?P<date>\d{{4}}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?)
    |(?P<size>{NUMBER}\s?{SIZE}(?:/s)?\b)
    |(?P<time>{NUMBER}\s?{TIME}\b)
    |(?P<share>{NUMBER}\s?%)
    |(?P<number>(?<![A-Za-z_]){NUMBER})
    |(?P<space>\s+)""",
    re.X,
)
PATTERNS = {
    "any": ".*?",
    "date": r"[\d:.TZ+ -]+?",
    "size": rf"{NUMBER}\s?{SIZE}(?:/s)?",
    "time": rf"{NUMBER}\s?{TIME}",
    "share": rf"{NUMBER}\s?%",
    "space": r"\s+",
}


def pattern(line):
    """A regular expression for one line."""
    result, position = "", 0
    for token in TOKEN.finditer(line):
        result += re.escape(line[position:token.start()])
        kind, text = token.lastgroup, token[0]
        if kind == "number":
            trailing = text[len(text.rstrip(".,")):]
            text = text.rstrip(".,")
            small = text.isdigit() and len(text) <= 3
            result += re.escape(text) if small else NUMBER
            result += re.escape(trailing)
        else:
            result += PATTERNS[kind]
        position = token.end()
    return result + re.escape(line[position:])


def differs(expected, actual):
    """None when `actual` is what `expected` shows; what is missing otherwise."""
    wanted = [line.strip() for line in expected.strip().splitlines()]
    got = [line.strip() for line in actual.strip().splitlines()]
    position, anywhere = 0, False
    for line in wanted:
        if line == "…":
            anywhere = True
            continue
        rest = range(position, len(got)) if anywhere else range(position, min(position + 1, len(got)))
        found = next((at for at in rest if re.fullmatch(pattern(line), got[at])), None)
        if found is None:
            return f"expected: {line}\n  printed: {got[position] if position < len(got) else 'nothing more'}"
        position, anywhere = found + 1, False
    if position < len(got) and not anywhere:
        return f"expected: nothing more\n  printed: {got[position]}"
    return None
