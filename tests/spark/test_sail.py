"""On Sail: what many workers make is what one machine makes."""

import json
import shutil

import pytest
from conftest import same

import tellings
import tellings.spark


@pytest.fixture(scope="module")
def sail():
    from pysail.spark import SparkConnectServer

    server = SparkConnectServer()
    server.start()
    yield f"sc://localhost:{server.listening_address[1]}"
    server.stop()


@pytest.fixture(scope="module")
def spark(sail):
    from pyspark.sql import SparkSession

    return SparkSession.builder.remote(sail).getOrCreate()


def test_readings_are_those_of_one_machine(spark, news):
    frame = spark.read.json(str(news)).limit(50)
    rows = tellings.spark.read(frame).collect()
    given = {row["id"]: row for row in map(json.loads, news.read_text().splitlines())}
    assert len(rows) == 50
    for row in rows[:5]:
        report = given[row["id"]]
        assert json.loads(row["reading"]) == tellings.read(report["text"], id=report["id"], date=report.get("date")).to_dict()


def test_records_are_those_of_one_machine(spark, news, alone, tmp_path):
    out = tmp_path / "out"
    frame = spark.read.json(str(news))
    tellings.spark.records(frame, str(out), parts=5)
    same(alone, out)
    # A run that was stopped goes on: what was done is not done again.
    [work] = (out / "_work").iterdir()
    before = {file: file.stat().st_mtime_ns for file in (work / "pieces").iterdir()}
    shutil.rmtree(work / "records.done")
    shutil.rmtree(out / "stories")
    tellings.spark.records(frame, str(out), parts=3)
    same(alone, out)
    assert before == {file: file.stat().st_mtime_ns for file in (work / "pieces").iterdir()}


def test_steps_of_other_reports_are_not_gone_on_with(spark, tmp_path):
    told = []
    for text in ("Russia and Iran signed a gas accord.", "France condemned Spain.", None, ""):
        frame = spark.createDataFrame([("a", text), ("b", "Kenya and Chad held talks in Oslo.")], "id string, text string")
        tellings.spark.records(frame, str(tmp_path / "out"), parts=2)
        rows = spark.read.parquet(str(tmp_path / "out" / "events")).collect()
        told.append(sorted(row["type"] for row in rows))
    assert len(list((tmp_path / "out" / "_work").iterdir())) == 4
    assert told == [["CONSULT", "SUPPORT"], ["ACCUSE", "CONSULT"], ["CONSULT"], ["CONSULT"]]


def test_what_hangs_together_is_found_however_long_the_chain(spark, tmp_path):
    links = [(n, n + 1) for n in range(100, 140)] + [(7, 3), (5, 3), (200, 139)]
    frame = spark.createDataFrame([(min(pair), max(pair)) for pair in links], "a bigint, b bigint")
    kept = {}

    def keep(name, made):
        made.write.mode("overwrite").parquet(str(tmp_path / name))
        kept[name] = spark.read.schema(made.schema).parquet(str(tmp_path / name))
        return kept[name]

    found = []
    for few in (0, 1000):
        rows = tellings.spark.components(spark, frame, keep, few).collect()
        found.append({row["node"]: row["block"] for row in rows if row["node"] != row["block"]})
    assert found[0] == found[1] and len(kept) > 3
    assert set(found[0].values()) == {3, 100} and found[0][200] == 100 and found[0][7] == found[0][5] == 3


def test_ids_must_be_there_once(spark, tmp_path):
    frame = spark.createDataFrame([("a", "One."), ("a", "Two.")], "id string, text string")
    with pytest.raises(ValueError, match="more than once are 'a'"):
        tellings.spark.records(frame, str(tmp_path), parts=2)
    with pytest.raises(ValueError, match="no column `id`"):
        tellings.spark.read(frame.select("text"))


def test_from_a_shell(sail, news, tmp_path):
    tellings.spark.main([str(news), str(tmp_path), "--read-only", "--remote", sail])
    assert list((tmp_path / "readings").glob("*.parquet"))


def test_a_batch_alone():
    pyarrow = pytest.importorskip("pyarrow")
    table = tellings.spark.read_batch(pyarrow.table({"id": ["a", "b"], "text": ["Oslo hosted talks.", None]}))
    assert table.column("id").to_pylist() == ["a", "b"]
    assert tellings.spark.read_batch(table.select(["id"]).append_column("text", table.column("id")).slice(0, 0)).num_rows == 0
