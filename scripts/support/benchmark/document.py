"""docs/benchmarks.md: the tables with what they mean."""
import report
from report import Results


def markdown(results: Results) -> str:
    title = "# Benchmarks (quick run, not for comparison)" if results.quick else "# Benchmarks"
    noisy = ""
    if results.load_before > 0.5:
        noisy = (
            f"\n**The machine was not quiet (load average {results.load_before:.2f} before the start): do not trust "
            "these figures.**\n")
    return f"""{title}

Written by `scripts/bench` on {results.date} at commit {results.commit}; do not edit. Run it again on a quiet machine to
get figures of your own. It checks in each measurement that every event sent is in the spool, or at the destination
exactly once, and gives no figure otherwise.
{noisy}
## Machine

{report.machine_table(results)}

## The floor

The same bytes appended to a plain file, one writer, nothing else running; the median of three runs. The floor that
the other tables compare with is 1 MiB between syncs. Under load ingest puts up to 8 MiB into one commit, so the
second line is shown too: it is what the disk would give to commits that large.

{report.floor_table(results)}

## Durable ingest

Real gRPC from `h2load` with prepared request bodies: events of {results.event_bytes} bytes on average (all
different within a call), one call at a time on each connection, as fast as ingest takes them, a fresh process and a
fresh spool for each line. Every event is acknowledged after fsync. CPU seconds are per million events; peak memory
is that of the process with mapped files; disk is all that the spool takes.

{report.rate_table(results)}

{report.spread(results)}

## Time to the acknowledgement

From the time at which a fixed schedule wanted a batch sent (not from when it was sent, so that queueing counts) to
the last byte of its response. The first line is half of the 300,000 events/s that are promised, the second half of the
rate above (which this machine's disk does not always keep up for long); the third is single events, each a batch of
its own. “Sent late” is the worst delay between the schedule and the beginning of a send: the client waiting for the
processor, or for the server to open its window. It is part of the latencies.

{report.latency_table(results)}

## Drain

From the start of a forwarder on a full spool until its ledger says that everything is delivered; the file
destination syncs before it says so.

{report.drain_table(results.drain)}

## Both at once

Ingest at a fixed rate while a forwarder drains a backlog on the same cores and disk.

{report.both_table(results.both)}

{report.backlog_sentence(results.both)}

## What these figures do not show

- Client and server share the processor and talk over loopback: a real network adds its own latency, and a client on
  another machine leaves more processor to ingest. The client's share is in the tables.
- The spool was just written when the forwarder reads it, so reading comes from the page cache. A backlog larger
  than memory is read from the disk.
- The disk is what this machine calls one. If it acknowledges fdatasync before the data is safe, every figure here
  is too good.
- Single lines are one run and vary by several percent; percentiles with few samples are what they are.
- Memory peaks are those of runs of seconds; a test of hours says more.
"""
