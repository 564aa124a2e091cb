"""Checks the pages; see scripts/check-docs."""
import argparse
import concurrent.futures
import os
import pathlib
import subprocess
import sys
import time

import links
import sessions
import words
from pages import PageError, blocks

ROOT = pathlib.Path(__file__).resolve().parents[3]
# Names of what is gone are right in them.
HISTORY = {"CHANGELOG.md"}
# Pages that are run at once. Most of the time they wait.
PAGES_AT_ONCE = 2


def pages():
    """Every page of the project, without what was never added."""
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", "*.md"], cwd=ROOT, check=True,
        capture_output=True, text=True).stdout.split()
    return sorted(name for name in names if (ROOT / name).is_file())


def main():
    parser = argparse.ArgumentParser(prog="scripts/check-docs")
    parser.add_argument("--path", required=True, help="where the programs are")
    parser.add_argument("--list", action="store_true", help="say what becomes of each block, and run nothing")
    parser.add_argument("--show", action="store_true", help="print what the blocks print")
    parser.add_argument("page", nargs="*")
    arguments = parser.parse_args()
    known = pages()
    chosen = [str(pathlib.PurePath(page)) for page in arguments.page] or known
    for page in chosen:
        if page not in known:
            parser.error(f"there is no page {page}")

    problems, read, started = [], {}, time.monotonic()
    programs = words.Programs({**os.environ, "PATH": arguments.path})
    if not arguments.list and not programs.keys:
        sys.exit("the programs say nothing about their keys; are they built?")
    for page in chosen:
        text = (ROOT / page).read_text(encoding="utf-8")
        try:
            read[page] = blocks(page, text)
        except PageError as error:
            problems.append(str(error))
        if arguments.list:
            continue
        problems += links.check(ROOT, page, text)
        if page not in HISTORY:
            problems += words.check(ROOT, programs, page, text)
    if arguments.list:
        for block in (block for page in read.values() for block in page):
            print(block.place, block.language, *(f"{name}={value}" for name, value in block.words.items()))
    else:
        with concurrent.futures.ThreadPoolExecutor(PAGES_AT_ONCE) as pool:
            results = pool.map(lambda item: timed(item[1], arguments), read.items())
            for page, (found, seconds, count) in zip(read, results):
                if count:
                    print(f"{page}: {count} blocks run, {seconds:.0f} s", flush=True)
                problems += found
        for block in (block for page in read.values() for block in page if sessions.is_missing(ROOT, block)):
            print(f"{block.place}: not run: there is no {block.words['needs']} here")
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        sys.exit(1)
    run = sum(block.runs for page in read.values() for block in page)
    skipped = sum("skip" in block.words for page in read.values() for block in page)
    print(f"{len(read)} pages, {run} blocks run, {skipped} not run, {time.monotonic() - started:.0f} s")


def timed(found, arguments):
    """Problems, seconds and number of blocks of a page."""
    started = time.monotonic()
    problems = sessions.run(ROOT, found, arguments.path, arguments.show)
    return problems, time.monotonic() - started, sum(block.runs for block in found)


if __name__ == "__main__":
    main()
