"""Columns and tables of pandas, polars and pyarrow go in, and tables come out."""

import datetime

import pandas
import polars
import pyarrow
import pytest

import tellings

TEXTS = ["Russia and Iran signed an accord.", None, "Zürich hosted talks between Oslo and Rome."]
IDS = ["a", "b", "c"]


def columns():
    yield pandas.Series(TEXTS)
    yield pandas.Series(TEXTS, dtype="string")
    yield pandas.Series(TEXTS, dtype="string[pyarrow]")
    yield polars.Series(TEXTS)
    yield polars.Series(TEXTS, dtype=polars.Categorical)
    yield pyarrow.array(TEXTS)
    yield pyarrow.chunked_array([TEXTS[:1], TEXTS[1:]])
    yield pyarrow.array(TEXTS, pyarrow.large_string())
    yield pyarrow.array(TEXTS, pyarrow.string_view())
    yield pyarrow.array(TEXTS).dictionary_encode()
    yield iter(TEXTS)
    yield tuple(TEXTS)


@pytest.mark.parametrize("column", list(columns()), ids=lambda column: str(type(column)))
def test_every_kind_of_column_gives_the_same(column):
    readings = tellings.read(column, ids=IDS)
    assert [reading.text for reading in readings] == [text or "" for text in TEXTS]
    assert [reading.id for reading in readings] == IDS
    assert "no-text" in [problem.kind for problem in readings[1].problems]


def test_days_and_numbers_of_tables():
    days = [datetime.date(2016, 9, 5), None, datetime.date(2016, 9, 7)]
    tables = [
        pandas.DataFrame({"id": [1, 2, 3], "text": TEXTS, "date": pandas.to_datetime(pandas.Series(days))}),
        polars.DataFrame({"id": [1, 2, 3], "text": TEXTS, "date": days}),
        pyarrow.table({"id": [1, 2, 3], "text": TEXTS, "date": days}),
        pyarrow.table({"id": [1, 2, 3], "text": TEXTS, "date": pyarrow.array(days, pyarrow.date32()).cast(pyarrow.timestamp("us"))}),
        pyarrow.record_batch({"id": [1, 2, 3], "text": TEXTS, "date": days}),
    ]
    for table in tables:
        readings = tellings.read(table)
        assert [reading.id for reading in readings] == ["1", "2", "3"], type(table)
        assert [reading.published.value for reading in readings] == ["2016-09-05", None, "2016-09-07"], type(table)
    with pytest.raises(ValueError, match="no column `text`"):
        tellings.read(pyarrow.table({"body": TEXTS}))
    with pytest.raises(TypeError, match="rename"):
        tellings.read(tables[0], ids=IDS)


def test_layers_are_tables_without_a_copy():
    readings = tellings.read(["Russia and Iran signed a gas accord in Tehran on Monday.", ""], ids=["a", "b"], dates=["2016-09-06", ""])
    table = pyarrow.table(readings.table("events"))
    event = table.to_pylist()[0]
    assert (event["document"], event["type"], event["date"]) == ("a", "SUPPORT", "2016-09-05")
    assert event["actor_countries"] == ["RUS", "IRN"] and event["words"] == readings[0].text
    assert polars.DataFrame(readings.table("reports"))["id"].to_list() == ["a", "b"]
    assert pandas.DataFrame.from_arrow(readings.table("mentions")).shape[0] == len(readings[0].mentions) if hasattr(
        pandas.DataFrame, "from_arrow"
    ) else True
    tokens = pyarrow.table(readings.table("tokens"))
    assert tokens.column("lemma").to_pylist() == [token.lemma for token in readings[0].tokens]
    for layer in ("sentences", "entities", "times", "places", "quantities", "quotes", "claims", "uncoded", "problems"):
        assert readings.table(layer).column_names[0] == "document"
    with pytest.raises(ValueError, match="no layer; there are reports"):
        readings.table("words")
    empty = pyarrow.table(tellings.read([]).table("events"))
    assert empty.num_rows == 0 and empty.schema == table.schema


def test_offsets_of_tables_are_those_of_the_readings():
    text = "Zürich hosted Ürgüp’s mayor on Monday."
    for offsets in ("bytes", "characters"):
        readings = tellings.read([text], offsets=offsets)
        table = pyarrow.table(readings.table("mentions")).to_pylist()
        assert [(row["start"], row["end"]) for row in table] == [mention.span for mention in readings[0].mentions]
        assert [row["words"] for row in table] == [readings[0].words(mention.span) for mention in readings[0].mentions]
