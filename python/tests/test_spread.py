"""The steps that Spark, Sail and Ray hand to workers, without any of them."""

import pyarrow
import pytest

import tellings
from tellings import _engine

TEXT = "Russia and Iran signed a gas accord in Tehran on Monday, officials said."


def rows(**columns):
    return pyarrow.RecordBatch.from_pydict(columns)


def test_readings_of_a_batch_are_those_of_read():
    batch = rows(id=["a", "b"], text=[TEXT, None], date=["2016-09-06", None])
    table = pyarrow.table(_engine.spread_read(batch)).to_pylist()
    alone = tellings.read([TEXT, None], ids=["a", "b"], dates=["2016-09-06", None])
    assert [row["reading"] for row in table] == [reading.to_json() for reading in alone]
    assert [row["published"] for row in table] == ["2016-09-06", None] and table[1]["failures"]


def test_pieces_that_are_alike_are_linked_and_grouped():
    batch = rows(id=["a", "b", "c"], text=[TEXT, TEXT, "A flood hurt 12 people in Zürich."], date=["2016-09-06"] * 3)
    pieces = pyarrow.table(_engine.spread_pieces(batch)).to_pylist()
    assert [(row["id"], row["part"], row["undated"]) for row in pieces] == [("a", 0, False), ("b", 0, False), ("c", 0, False)]
    listed = sorted(
        (key, window, row["node"], row["piece"]) for row in pieces for key in row["keys"] for window in row["windows"]
    )
    links = pyarrow.table(_engine.spread_links(rows(**dict(zip(("key", "window", "node", "piece"), map(list, zip(*listed)))))))
    nodes = {row["id"]: row["node"] for row in pieces}
    assert {tuple(sorted(row.values())) for row in links.to_pylist()} == {tuple(sorted((nodes["a"], nodes["b"])))}
    blocks = rows(block=[1, 1, 2], piece=[row["piece"] for row in pieces])
    grouped = pyarrow.table(_engine.spread_group(blocks)).to_pylist()
    stories = {}
    for row in grouped:
        stories.setdefault(row["story"], []).append(row["id"])
    assert sorted(stories.values()) == [["a", "b"], ["c"]]
    with pytest.raises(ValueError, match="another version"):
        _engine.spread_group(rows(block=[1], piece=[b"\x09"]))
