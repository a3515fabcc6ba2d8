"""Exports of the sample reports, loaded back by the usual reader of each format.

Run by `.ci/run` as `python -m pytest tests/readers`; needs what `tests/readers/requirements.txt` names and a built `tellings`
(`TELLINGS`, default `target/debug/tellings`).
"""

import datetime
import io
import json
import os
import pathlib
import re
import subprocess

import duckdb
import networkx
import pandas
import polars
import pytest
import rdflib
import yaml
from geojson_pydantic import FeatureCollection
from icalendar import Calendar

ROOT = pathlib.Path(__file__).resolve().parents[2]
TELLINGS = os.environ.get("TELLINGS", str(ROOT / "target/debug/tellings"))


def export(layout, *more):
    """The bytes of an export of both sample stories."""
    command = [TELLINGS, "export", "--quiet", "--layout", layout, *more]
    if not more:
        command += ["examples/ceasefire", "examples/hangzhou"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout


def lines(data):
    return [json.loads(line) for line in data.decode().splitlines()]


def test_our_tables_in_pandas_and_polars():
    events = pandas.read_csv(io.BytesIO(export("events")))
    assert len(events) > 20 and events.event_id.notna().all()
    assert set(events.realis) <= {"actual", "historical", "future", "hypothetical", "negated"}
    assert (events.killed_low.dropna() <= events.killed_high.dropna()).all()
    assert polars.read_csv(export("events"), infer_schema_length=None).height == len(events)
    tellings = pandas.read_csv(io.BytesIO(export("tellings")))
    assert set(tellings.event_id) == set(events.event_id)
    assert tellings.groupby("event_id").size().sum() == len(tellings) >= len(events)
    for layout, key in [("claims", "claim_id"), ("quotes", "quote_id")]:
        table = pandas.read_csv(io.BytesIO(export(layout)))
        assert len(table) > 5 and table[key].notna().all()


@pytest.mark.parametrize("layout", ["events", "tellings", "claims", "quotes", "stories", "reports", "entities"])
def test_parquet_is_the_same_table(tmp_path, layout):
    path = tmp_path / "table.parquet"
    path.write_bytes(export(layout, "--form", "parquet", "examples/ceasefire", "examples/hangzhou"))
    table = pandas.read_csv(io.BytesIO(export(layout)), dtype=str, keep_default_na=False)
    of_pandas, of_polars = pandas.read_parquet(path), polars.read_parquet(path)
    of_duckdb = duckdb.sql(f"select * from '{path}'").fetchall()
    assert list(of_pandas.columns) == of_polars.columns == list(table.columns)
    assert len(of_pandas) == of_polars.height == len(of_duckdb) == len(table) > 0
    for at, row in enumerate(table.itertuples(index=False)):
        for csv, mine, other in zip(row, of_polars.row(at), of_duckdb[at]):
            assert mine == other
            assert csv == ("" if mine is None else mine) or float(csv) == mine
    types = dict(of_polars.schema)
    if layout == "events":
        assert types["killed_best"] == types["lat"] == polars.Float64 and types["origins"] == polars.Int64
        assert duckdb.sql(f"select count(*) from '{path}' where killed_best >= 4").fetchall()[0][0] > 0


TALKS = {
    "Headline": ["Talks resume in Geneva", "No deal in Vienna"],
    "Full Text": ["The French and German foreign ministers met in Geneva on Tuesday.\n\nThey will meet again.", "They met."],
    "authors": [["Ann Lee", "Bo Roe"], []],
    "published": [datetime.datetime(2021, 3, 3, 9, 30), None],
    "clicks": [3, 4],
}


def readings(path):
    command = [TELLINGS, "read", "--quiet", "--output", "jsonl", str(path)]
    return lines(subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout)


@pytest.mark.parametrize("packing", ["snappy", "gzip", "zstd", "none"])
@pytest.mark.parametrize("writer", ["pandas", "polars", "duckdb"])
def test_parquet_of_others_is_read(tmp_path, writer, packing):
    path = tmp_path / "talks.parquet"
    if writer == "pandas":
        pandas.DataFrame(TALKS).to_parquet(path, compression=None if packing == "none" else packing)
    elif writer == "polars":
        polars.DataFrame(TALKS).write_parquet(path, compression="uncompressed" if packing == "none" else packing)
    else:
        talks = polars.DataFrame(TALKS).to_arrow()
        duckdb.sql(f"copy (select * from talks) to '{path}' (codec '{'uncompressed' if packing == 'none' else packing}')")
    first, second = readings(path)
    assert first["text"] == TALKS["Full Text"][0] and second["text"] == "They met."
    assert first["title"] == TALKS["Headline"][0] and first["bylines"] == ["Ann Lee", "Bo Roe"] and not second.get("bylines")
    assert first["published"]["value"].startswith("2021-03-03") and not second["published"]["value"]


def test_notes_link_to_each_other(tmp_path):
    export("notes", "-o", str(tmp_path), "examples/ceasefire", "examples/hangzhou")
    notes = {str(path.relative_to(tmp_path))[:-3]: path.read_text() for path in tmp_path.rglob("*.md")}
    kinds = {}
    for text in notes.values():
        front = yaml.safe_load(text.split("---\n")[1])
        kinds[front["type"]] = kinds.get(front["type"], 0) + 1
        assert all(target in notes for target in re.findall(r"(?<!\\)\[\[([^|\]]+)\|", text))
    assert kinds["story"] >= 2 and kinds["report"] >= 10 and kinds["event"] > 20 and kinds["entity"] > 10, kinds


def test_offsets_lead_to_the_words():
    tellings = pandas.read_csv(io.BytesIO(export("tellings", "examples/ceasefire")))
    text = {}
    for reading in subprocess.run(
        [TELLINGS, "read", "--output", "jsonl", "examples/ceasefire"], cwd=ROOT, capture_output=True, check=True
    ).stdout.splitlines():
        reading = json.loads(reading)
        text[reading["id"]] = reading["text"].encode()
    for row in tellings.itertuples():
        assert text[row.document_id][row.start : row.end].decode() == row.sentence


def test_gdelt():
    events = pandas.read_csv(io.BytesIO(export("gdelt")), sep="\t", header=None, dtype=str, keep_default_na=False, quoting=3)
    assert events.shape[1] == 61 and events[0].is_unique
    assert events[26].str.fullmatch(r"\d{3,4}").all() and events[29].isin(["1", "2", "3", "4"]).all()
    assert (events[28] == events[26].str[:2]).all()
    assert events[1].str.fullmatch(r"(\d{8})?").all() and events[59].str.fullmatch(r"(\d{14})?").all()
    mentions = pandas.read_csv(io.BytesIO(export("gdelt-mentions")), sep="\t", header=None, dtype=str, quoting=3)
    assert mentions.shape[1] == 16 and set(mentions[0]) == set(events[0])
    assert mentions.groupby(0).size().to_dict() == events.set_index(0)[31].astype(int).to_dict()


def test_polecat_phoenix_and_ucdp():
    polecat = pandas.read_csv(io.BytesIO(export("polecat")), sep="\t", dtype=str, quoting=3)
    assert polecat.shape[1] == 40 and polecat["Event ID"].is_unique and polecat["Quad Code"].isin(list("1234")).all()
    phoenix = pandas.read_csv(io.BytesIO(export("phoenix")), sep="\t", header=None, dtype=str, quoting=3)
    assert phoenix.shape[1] == 26 and phoenix[1].str.fullmatch(r"\d{8}").all()
    ucdp = pandas.read_csv(io.BytesIO(export("ucdp")))
    assert ucdp.shape[1] == 49 and (ucdp.low <= ucdp.best).all() and (ucdp.best <= ucdp.high).all()


def test_plover():
    events = lines(export("plover"))
    assert events
    for event in events:
        assert {"id", "date", "actor", "event"} <= event.keys() and 1 <= event["quad_code"] <= 4
        info = event["text_info"]
        assert info["end"] - info["start"] == len(event["text"])


def test_geojson():
    features = FeatureCollection.model_validate_json(export("geojson")).features
    assert features and all(-180 <= f.geometry.coordinates[0] <= 180 for f in features)


def test_graphml():
    graph = networkx.parse_graphml(export("graphml").decode(), force_multigraph=True)
    assert graph.number_of_nodes() > 5 and graph.number_of_edges() > 5
    assert all(node.get("name") for _, node in graph.nodes(data=True))


def test_annotations():
    annotations = lines(export("annotations", "examples/ceasefire"))
    assert len({a["id"] for a in annotations}) == len(annotations) > 20
    for annotation in annotations:
        position, quote = annotation["target"]["selector"][:2]
        assert position["end"] - position["start"] == len(quote["exact"]) > 0


def test_prov():
    graph = rdflib.Graph().parse(data=export("prov"), format="turtle")
    prov = rdflib.Namespace("http://www.w3.org/ns/prov#")
    assert list(graph.subject_objects(prov.wasDerivedFrom))
    entities = set(graph.subjects(rdflib.RDF.type, prov.Entity))
    assert all(source in entities for source in graph.objects(None, prov.wasDerivedFrom))


def test_csl():
    items = json.loads(export("csl"))
    assert len(items) > 5 and all(item["type"] == "article-newspaper" and item["title"] for item in items)


def test_calendar(tmp_path):
    (tmp_path / "plan.txt").write_text(
        "GENEVA, March 3, 2021 (Norwire) -- The French and German foreign ministers will meet in Geneva on March 10, 2021, "
        "officials said.\n\nThe meeting was announced on Tuesday.\n"
    )
    calendar = Calendar.from_ical(export("calendar", str(tmp_path)))
    entries = calendar.walk("VEVENT")
    assert [entry.decoded("DTSTART").isoformat() for entry in entries] == ["2021-03-10"]
    assert entries[0]["LOCATION"] == "Geneva"


@pytest.mark.parametrize("hostile", ["=HYPERLINK(1)", 'a"b\tc\nd', "<script>alert(1)</script>", "\u0001\u202e", "\\n;,"])
def test_hostile_words_stay_words(tmp_path, hostile):
    (tmp_path / "hostile.txt").write_text(
        f"Talks {hostile}\n\nParis, 3 March 2021. French President Emmanuel Macron met Russian President Vladimir Putin {hostile} in "
        f"Paris on Tuesday, {hostile} officials said. He will meet the British prime minister in London on March 10, 2021."
    )
    path = str(tmp_path)
    assert len(pandas.read_csv(io.BytesIO(export("events", path)))) >= 1
    rows = export("gdelt", path).decode().splitlines()
    assert rows and all(row.count("\t") == 60 for row in rows)
    networkx.parse_graphml(export("graphml", path).decode(), force_multigraph=True)
    rdflib.Graph().parse(data=export("prov", path), format="turtle")
    Calendar.from_ical(export("calendar", path))
    assert lines(export("annotations", path))
    export("notes", "-o", str(tmp_path / "notes"), path)
    for note in (tmp_path / "notes").rglob("*.md"):
        assert yaml.safe_load(note.read_text().split("---\n")[1])["id"]
        assert not re.search(r"(?<!\\)<script", note.read_text())
