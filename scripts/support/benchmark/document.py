"""docs/benchmarks.md: the tables with what they mean."""
import textwrap

import report
from machine import QUIET_LOAD
from report import Results
from targets import targets_table

LINE_LENGTH = 120


def notices(results: Results) -> str:
    """What a reader has to know before he believes a figure."""
    found = []
    if results.load_before > QUIET_LOAD:
        found.append(
            f"The machine was not quiet (load average {results.load_before:.2f} before the start): do not trust these "
            "figures.")
    for section, reason in results.failures.items():
        found.append(f"Not measured: {section}: {' '.join(reason.split())}")
    for warning in sorted(results.warnings):
        found.append(f"Warned while it was measured: {warning}")
    return "".join(f"\n**{notice}**\n" for notice in found)


def switched_on(results: Results) -> str:
    scrapes = results.scrapes
    if results.ingest_has_metrics:
        metrics = (
            f"and the metrics of both processes are read once a second ({scrapes.done} times, {scrapes.failed} of them "
            f"without an answer, the slowest {scrapes.slowest_ms:.0f} ms)")
    else:
        metrics = "and the forwarder's metrics are read once a second (this build of ingest serves none on its port)"
    compared = ""
    if results.resends and results.resends.detected:
        compared = "and is compared with those in the window of duplicates, "
    return textwrap.fill(
        "Everything is switched on: the sender is a licensed instance whose key ingest verifies, every event has an id "
        f"of its own {compared}{metrics}.", LINE_LENGTH)


def section(title: str, text: str, *parts: str | None) -> str:
    """A section, or nothing where the run has not measured it."""
    shown = [part for part in parts if part]
    if not shown:
        return ""
    return "\n".join([f"## {title}\n", *([f"{text}\n"] if text else []), *[f"{part}\n" for part in shown]])


def ingest_section(results: Results) -> str:
    text = f"""\
Real gRPC from `scripts/support/load_client`: events of {results.event_bytes} bytes on average, one call at a time on
each connection (50,000 events in batches of 1000, 20,000 in batches of 100, 10,000 in batches of 10), as fast as ingest
takes them, a fresh process and a fresh spool for each line. The contents of events recur within a call, their ids never
do. Each message has HTTP/2 frames of its own. Every event is acknowledged after fsync, and each response is checked
event by event. CPU seconds are per million events; peak memory is that of the process with mapped files; disk is all
that the spool takes."""
    if not results.cells:
        return ""
    return section("Durable ingest", text, report.rate_table(results), report.spread(results))


LATENCY = """\
From the time at which a fixed schedule wanted a batch sent (not from when it was sent, so that queueing counts) to
the last byte of its response. The first line is half of the 300,000 events/s that are promised, the second half of the
rate above (which this machine's disk does not always keep up for long); then single events, each a message of its own,
over four connections and all on one stream. “Sent late” is the worst delay between the schedule and the beginning of a
send: the client waiting for the processor, or for the server to open its window. It is part of the latencies."""

RESENDS = """\
A client that has lost acknowledgements sends its batches again. The newest batches of a spool are sent a second time,
byte for byte, and a third time after a restart, when ingest knows them only from the segments. Each time, all their
events must be acknowledged and named as duplicates, and none stored."""

STARTS = """\
From the start of the process to its ready line, the median of three; with undelivered events in the spool ingest reads
the ids of as many as its window of duplicates holds. The segments were just written, so they come from the page
cache."""

DRAIN = """\
From the start of a forwarder on a full spool until its ledger says that everything is delivered; the file destination
syncs before it says so. A CPU second is one core's worth of work, whichever cores did it; the kernel's part is mostly
the page cache. Each message carries the sender's licence key, as the contract wants it."""

BACKLOGS = """\
A drain to the fast destination with less and with more in the spool, the page cache emptied first where that is
allowed. With 10,000 events the first group that the ledger records is most of them, so there is no rate."""

BOTH = """\
Ingest at a fixed rate while a forwarder drains a backlog on the same cores, read from the disk that ingest writes to. The
destination is faster than a disk: files in memory, which the benchmark checks and removes as soon as they are finished,
on the same two cores."""

CAVEATS = """\
- Client and server share the processor and talk over loopback: a real network adds its own latency, and a client on
  another machine leaves more processor to ingest. The client's share is in the tables.
- Outside of “Both at once” and “Backlogs” the spool was just written when the forwarder reads it, so reading comes from the page cache.
- The disk is what this machine calls one. If it acknowledges fdatasync before the data is safe, every figure here
  is too good.
- Single lines are one run and vary by several percent; percentiles with few samples are what they are.
- Memory peaks are those of runs of seconds; a test of hours says more.
- Until 2026-11-22 the driver was `h2load`, which repeats one body and packs several small messages into a frame: the
  lines with batches of 10 do not compare with those of earlier versions of this page."""


def markdown(results: Results) -> str:
    title = "# Benchmarks (quick run, not for comparison)" if results.quick else "# Benchmarks"
    drain, both, resends, starts = results.drain, results.both, results.resends, results.starts
    head = f"""{title}

Written by `scripts/bench` on {results.date} at commit {results.commit}; do not edit.
Run it again on a quiet machine to get figures of your own. It checks in each measurement that every event sent is in
the spool, or at the destination exactly once, and that none was taken for a duplicate, and gives no figure otherwise.

{switched_on(results)}
{notices(results)}"""
    transcoder = f"""\
Wire bytes to the message's JSON on one core, side by side with decoding by SwiftProtobuf and its JSON, the fastest of
seven rounds each (`TranscoderMeasurement`)."""
    floor = """\
The same bytes appended to a plain file, one writer, nothing else running; the median of three runs. The floor that
the other tables compare with is 1 MiB between syncs. Under load ingest puts up to 8 MiB into one commit, so the
second line is shown too: it is what the disk would give to commits that large."""
    sections = [
        section("Targets", "", targets_table(results)),
        section("Machine", "", report.machine_table(results)),
        section("The floor", floor, report.floor_table(results) if results.floor else None),
        ingest_section(results),
        section("Time to the acknowledgement", LATENCY, report.latency_table(results) if results.latencies else None),
        section("Resends", RESENDS, report.resends_table(resends) if resends else None),
        section("Start", STARTS, report.starts_table(starts) if starts else None),
        section("Drain", DRAIN, report.drain_table(drain) if drain else None),
        section("Transcoder", transcoder, report.transcoder_table(results.transcoder) if results.transcoder else None),
        section(
            "Both at once", BOTH,
            report.both_table(both) if both else None, report.backlog_sentence(both) if both else None),
        section(
            "Backlogs", BACKLOGS, report.backlogs_table(results.backlogs) if results.backlogs else None),
        section("What these figures do not show", "", CAVEATS),
    ]
    return head + "\n" + "\n".join(text for text in sections if text)
