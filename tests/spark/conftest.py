"""News of an invented world, and what one machine makes of it."""

import json
import os
import pathlib
import subprocess

import pytest

import tellings

ROOT = pathlib.Path(__file__).parents[2]
# So many reports: `REPORTS=20000` is the measured run (docs/scale.md). `NEWS` is a file of them, where it is made already.
REPORTS = int(os.environ.get("REPORTS", "1200"))
NEWS = os.environ.get("NEWS")


@pytest.fixture(scope="session")
def news(tmp_path_factory):
    """Reports as JSON Lines, some of them without a date."""
    if NEWS:
        lines = pathlib.Path(NEWS).read_bytes().splitlines()[:REPORTS]
    else:
        make = ["cargo", "run", "-q", "-p", "xtask", "--", "news", str(REPORTS)]
        lines = subprocess.run(make, cwd=ROOT, check=True, capture_output=True).stdout.splitlines()
    rows = [json.loads(line) for line in lines]
    for row in rows[::7]:
        del row["date"]
    file = tmp_path_factory.mktemp("news") / "news.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file


@pytest.fixture(scope="session")
def alone(news):
    """The record that one machine makes."""
    return tellings.brief(news).to_dict()


def same(alone, out):
    """Is what lies under `out` the record that one machine made?"""
    import pyarrow.parquet as parquet

    rows = parquet.read_table(out / "stories").to_pylist()
    stories = {row["id"]: json.loads(row["record"]) for row in rows}
    documents = {document["id"]: document for row in rows for document in map(json.loads, row["documents"])}
    assert len(rows) == len(alone["stories"]) and stories == {story["id"]: story for story in alone["stories"]}
    assert documents == {document["id"]: document for document in alone["documents"]}
    events = parquet.read_table(out / "events").to_pylist()
    assert sorted(row["event_id"] for row in events) == sorted(event["id"] for story in alone["stories"] for event in story["events"])
    assert {row["story_id"] for row in events} <= set(stories)
