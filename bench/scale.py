"""What reading costs from Python, and each step on many machines, on one core: the figures of docs/python.md and docs/scale.md.

    pip install ./python pyarrow
    cargo run --release -p xtask -- news 2000 > news.jsonl
    python bench/scale.py news.jsonl

Prints microseconds of processor time and bytes for each report.
"""

import collections
import json
import os
import sys

os.environ["RAYON_NUM_THREADS"] = "1"

import pyarrow as pa
import tellings
from tellings import _engine
from tellings.spark import blocks


def timed(step, work):
    """The result, with its processor time printed."""
    before = os.times()
    result = work()
    after = os.times()
    used = after.user + after.system - before.user - before.system
    print(f"{step:28} {used / len(reports) * 1e6:9.0f} µs a report")
    return result


def batch(rows, *columns):
    return pa.RecordBatch.from_pydict({name: [row[name] for row in rows] for name in columns})


with open(sys.argv[1], encoding="utf-8") as file:
    reports = [json.loads(line) for line in file]
words = sum(len(report["text"].split()) for report in reports)
print(f"{len(reports)} reports, {words / len(reports):.0f} words each")
given = batch(reports, "id", "text", "date")
# Models are opened once, by the first report.
tellings.read("A word.")

readings = timed(
    "read",
    lambda: tellings.read(given.column("text"), ids=given.column("id"), dates=given.column("date")),
)
timed("… as JSON", lambda: [reading.to_json() for reading in readings])
del readings

pieces = timed("1 pieces", lambda: pa.table(_engine.spread_pieces(given))).to_pylist()
print(f"{'':28} {sum(len(piece['piece']) for piece in pieces) / len(reports):9.0f} bytes a report")
listed = [
    {"key": key, "window": window, "node": piece["node"], "piece": piece["piece"]}
    for piece in pieces
    for window in piece["windows"]
    for key in piece["keys"]
]
listed = batch(sorted(listed, key=lambda row: (row["key"], row["window"])), "key", "window", "node", "piece")
links = timed("2 links", lambda: pa.table(_engine.spread_links(listed))).to_pylist()
print(f"{'':28} {listed.nbytes / len(reports):9.0f} bytes a report, {len(links) / len(reports):.1f} links")
block = blocks((link["a"], link["b"]) for link in links)
for piece in pieces:
    piece["block"] = block.get(piece["node"], piece["node"])
pieces.sort(key=lambda piece: piece["block"])
sizes = collections.Counter(piece["block"] for piece in pieces)
print(f"{'3 blocks':28} {len(sizes):9} blocks, {max(sizes.values())} pieces in the largest")
grouped = timed("4 stories", lambda: pa.table(_engine.spread_group(batch(pieces, "block", "piece")))).to_pylist()
text = {report["id"]: report for report in reports}
grouped.sort(key=lambda row: row["story"])
told = batch(
    [row | {name: text[row["id"]][name] for name in ("text", "date")} | {"dating": None} for row in grouped],
    "story", "id", "part", "merged", "parents", "text", "date", "dating",
)  # fmt: skip
told = told.cast(pa.schema([field.with_type(pa.binary()) if field.name == "dating" else field for field in told.schema]))
records = timed("6 records", lambda: pa.table(_engine.spread_record(told)))
print(f"{'':28} {records.nbytes / len(reports):9.0f} bytes a report")
