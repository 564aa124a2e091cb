"""Pages, and the fenced blocks in them.

A fence's info string says what becomes of the block:

    ```sh                       run, in the page's own shell, after what stands before it
    ```sh skip="REASON"         not run
    ```sh exit=1                run; ends with this code
    ```sh background=NAME       started as in a terminal of its own; the page goes on once it says that it listens
    ```sh interrupt             run until it has printed something, then Ctrl-C
    ```sh needs=PATH            run where this path exists: what can not be had without a network
    ```text output              what the block before it prints
    ```json file=config.json    written to this file first
    ```console                  lines with `$ ` are run, the others are what they print

What readers need not see is run from a comment that begins with `<!-- sh` on a line of its own and takes the same words.
"""
import dataclasses
import re
import shlex

# Shown and nothing else, unless a word says more.
SHOWN = {"text", "json", "python", "go", "swift", "yaml", "ini", "proto", "promql", "sql", "diff", "http", "xml"}
RUN = {"sh", "console"}
WORDS = {
    "sh": {"skip", "exit", "background", "interrupt", "until", "needs"},
    "console": {"skip", "needs"},
    "hidden": {"exit", "background", "until", "needs"},
    "shown": {"output", "file"},
}


@dataclasses.dataclass
class Block:
    page: str
    line: int
    language: str
    words: dict
    text: str
    hidden: bool = False

    @property
    def place(self):
        return f"{self.page}:{self.line}"

    @property
    def runs(self):
        return self.language in RUN and "skip" not in self.words


class PageError(Exception):
    """A block that can not be understood."""


def words_of(info, place):
    """The language and the words of an info string: `{"skip": "REASON", "interrupt": True}`."""
    try:
        parts = shlex.split(info)
    except ValueError as error:
        raise PageError(f"{place}: {info}: {error}") from None
    if not parts:
        raise PageError(f"{place}: the block has no language: {', '.join(sorted(SHOWN | RUN))}")
    words = {}
    for part in parts[1:]:
        name, equals, value = part.partition("=")
        words[name] = value if equals else True
    return parts[0], words


def check(block):
    """Raises what is wrong with a block's words."""
    language = block.language
    if language not in SHOWN | RUN:
        raise PageError(f"{block.place}: unknown language {language}: {', '.join(sorted(SHOWN | RUN))}")
    kind = "hidden" if block.hidden else language if language in RUN else "shown"
    for word in block.words:
        if word not in WORDS[kind]:
            raise PageError(f"{block.place}: {word} is no word for {language}: {', '.join(sorted(WORDS[kind]))}")
    if block.words.get("skip") in (True, ""):
        raise PageError(f'{block.place}: skip needs a reason: skip="REASON"')


def blocks(page, text):
    """All blocks of a page, in order."""
    found, fence, lines = [], None, text.splitlines()
    for number, line in enumerate(lines, 1):
        if fence is None:
            opening = re.match(r"( *)(`{3,}|~{3,})\s*(.*)$", line)
            if opening:
                language, words = words_of(opening[3], f"{page}:{number}")
                fence = (re.compile(rf"\s*{opening[2][0]}{{{len(opening[2])},}}\s*$"), len(opening[1]))
                found.append(Block(page, number, language, words, ""))
            elif re.match(r"<!-- sh\b", line):
                info = line[len("<!-- "):].removesuffix("-->")
                language, words = words_of(info, f"{page}:{number}")
                found.append(Block(page, number, language, words, "", hidden=True))
                if not line.rstrip().endswith("-->"):
                    fence = (re.compile(r"\s*-->\s*$"), 0)
        elif fence[0].match(line):
            fence = None
        else:
            found[-1].text += line[min(fence[1], len(line) - len(line.lstrip())):] + "\n"
    if fence is not None:
        raise PageError(f"{found[-1].place}: the block has no end")
    for block in found:
        check(block)
    return found


def without_blocks(text):
    """The text with every fenced block and comment blanked, line by line."""
    text = re.sub(r"<!--.*?-->", lambda match: "\n" * match[0].count("\n"), text, flags=re.S)
    return re.sub(
        r"^( *)(`{3,}|~{3,}).*?^\s*\2\s*$", lambda match: "\n" * match[0].count("\n"), text, flags=re.S | re.M)
