"""Reports by the million: the same readings and records, made by many machines.

Everything here is `DataFrame.mapInArrow` over functions of the engine, so it runs unchanged on PySpark and on Sail:

    readings = tellings.spark.read(reports)                  # a stateless map
    tellings.spark.records(reports, "out")                   # stories and records, into Parquet
    python -m tellings.spark reports.parquet out             # the same from a shell

`reports` is a DataFrame with the columns `id` (each once) and `text`, and where they are known `title`, `date`, `url`, `outlet`.
How it works, and what it costs: docs/scale.md.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any

COLUMNS = ("id", "text", "title", "date", "url", "outlet")

READING = "id string, published string, reading string, failures array<string>"
PIECES = "id string, part int, node bigint, undated boolean, windows array<int>, keys array<bigint>, piece binary"
LINKS = "a bigint, b bigint"
GROUPED = "story string, id string, part int, merged string, parents string"
TABLES = ("events", "tellings", "claims", "quotes", "entities")

Batches = Iterator[Any]


def _engine() -> Any:
    from tellings import _engine

    # A worker of Spark reads on one core: others keep the other ones busy.
    try:
        from pyspark import TaskContext

        if TaskContext.get() is not None:
            os.environ.setdefault("RAYON_NUM_THREADS", "1")
    except ImportError:
        pass

    return _engine


def _each(step: str, batches: Batches) -> Batches:
    """A step on each batch as it comes."""
    import pyarrow

    work = getattr(_engine(), step)
    for batch in batches:
        if batch.num_rows:
            yield from pyarrow.table(work(batch)).to_batches()


def _whole(step: str, keys: tuple[str, ...], rows: int, batches: Batches) -> Batches:
    """A step on the rows of a partition, put in the order of the keys, some `rows` at a time: those alike in the keys are all in one.

    The partition is held while it is worked on; it is sorted here, since not every engine keeps the order of what it hands over."""
    import pyarrow

    held = [batch for batch in batches if batch.num_rows]
    if not held:
        return
    work = getattr(_engine(), step)
    table = pyarrow.Table.from_batches(held).sort_by([(key, "ascending") for key in keys])
    del held
    start = 0
    while start < table.num_rows:
        end = min(start + rows, table.num_rows)
        last = [table.column(key)[end - 1].as_py() for key in keys]
        while end < table.num_rows and [table.column(key)[end].as_py() for key in keys] == last:
            end += 1
        batch = table.slice(start, end - start).combine_chunks().to_batches()[0]
        yield from pyarrow.table(work(batch)).to_batches()
        start = end


def _map(frame: Any, step: str, schema: str) -> Any:
    def work(batches: Batches) -> Batches:
        return _each(step, batches)

    return frame.mapInArrow(work, schema)


def _map_whole(frame: Any, step: str, schema: str, keys: tuple[str, ...], parts: int, rows: int = 4096) -> Any:
    def work(batches: Batches) -> Batches:
        return _whole(step, keys, rows, batches)

    return frame.repartition(parts, *keys).mapInArrow(work, schema)


def _reports(frame: Any) -> Any:
    """The columns that are read, as text."""
    from pyspark.sql import functions as F

    for name in ("id", "text"):
        if name not in frame.columns:
            raise ValueError(f"the reports have no column `{name}`: it must be there, and the ids must each be there once")
    return frame.select(*[F.col(name).cast("string").alias(name) for name in COLUMNS if name in frame.columns])


def read(frame: Any) -> Any:
    """Readings of reports: a DataFrame of `id`, `published`, `reading` (the contract's JSON) and `failures`."""
    return _map(_reports(frame), "spread_read", READING)


def read_batch(batch: Any) -> Any:
    """The same for one Arrow table: for Ray (`dataset.map_batches(tellings.spark.read_batch, batch_format="pyarrow")`) and others."""
    import pyarrow

    rows = batch.combine_chunks().to_batches() if isinstance(batch, pyarrow.Table) else [batch]
    rows = rows or [pyarrow.RecordBatch.from_pylist([], batch.schema)]
    return pyarrow.concat_tables([pyarrow.table(_engine().spread_read(each)) for each in rows])


def _type(kind: Any) -> str:
    """Arrow's type as Spark writes it."""
    import pyarrow

    if pyarrow.types.is_list(kind):
        return f"array<{_type(kind.value_type)}>"
    if pyarrow.types.is_struct(kind):
        return "struct<" + ", ".join(f"`{kind.field(i).name}`: {_type(kind.field(i).type)}" for i in range(kind.num_fields)) + ">"
    return {"string": "string", "int64": "bigint", "double": "double"}[str(kind)]


def _record_schema() -> str:
    """What a row of a record is: as the engine has it."""
    import pyarrow

    empty = {name: pyarrow.array([], pyarrow.string()) for name in ("id", "text", "story", "merged", "parents")}
    empty |= {"part": pyarrow.array([], pyarrow.int32()), "dating": pyarrow.array([], pyarrow.binary())}
    made = pyarrow.table(_engine().spread_record(pyarrow.RecordBatch.from_pydict(empty)))
    return ", ".join(f"`{field.name}` {_type(field.type)}" for field in made.schema)


# Links that are joined where the run is steered, without a round trip to the workers.
FEW_LINKS = 200_000


def blocks(pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    """The smallest node of what hangs together by pairs, for each node of a pair."""
    root: dict[int, int] = {}

    def find(at: int) -> int:
        while root.setdefault(at, at) != at:
            root[at] = at = root[root[at]]
        return at

    for a, b in pairs:
        a, b = find(a), find(b)
        root[max(a, b)] = min(a, b)
    return {node: find(node) for node in sorted(root)}


def components(spark: Any, links: Any, keep: Callable[[str, Any], Any], few: int = FEW_LINKS) -> Any:
    """What hangs together by links: rows of a node and the smallest node of its block, but for nodes that stand for themselves.

    Every node is hung on the smallest among its neighbours, in turns on those above and below it, until nothing moves; so a chain of n
    links takes some log n rounds, and no node ever holds more links than it has neighbours; `few` links are joined at once. `keep` writes the links of a round where a
    worker that is lost cannot take them along.
    """
    from pyspark.sql import functions as F

    def least(pairs: Any) -> Any:
        return pairs.groupBy("a").agg(F.least(F.min("b"), F.col("a")).alias("m"))

    edges = keep("links-0", links.select("a", "b").distinct())
    if edges.count() <= few:
        found = blocks((row["a"], row["b"]) for row in edges.collect())
        return spark.createDataFrame(list(found.items()), "node bigint, block bigint")
    before = None
    for turn in range(1, 64):
        both = edges.union(edges.select(F.col("b").alias("a"), F.col("a").alias("b")))
        # To the larger ones.
        pairs = both.join(least(both), "a").where(F.col("b") > F.col("a")).select(F.col("b").alias("a"), F.col("m").alias("b"))
        pairs = pairs.where("a <> b").distinct()
        # To the smaller ones.
        smaller = pairs.select(F.greatest("a", "b").alias("a"), F.least("a", "b").alias("b"))
        joined = smaller.join(least(smaller), "a")
        small = joined.select(F.col("b").alias("a"), F.col("m").alias("b")).union(joined.select("a", F.col("m").alias("b")))
        edges = keep(f"links-{turn}", small.where("a <> b").distinct())
        now = tuple(edges.agg(F.count("*"), F.sum(F.xxhash64("a", "b").cast("decimal(38,0)"))).collect()[0])
        if now == before:
            break
        before = now
    return edges.select(F.col("a").alias("node"), F.col("b").alias("block"))


def _stories(spark: Any, pieces: Any, keep: Callable[[str, Any], Any], parts: int, turn: str) -> Any:
    """Stories of pieces: rows of a story and each piece of it."""
    from pyspark.sql import functions as F

    spans = pieces.select(F.explode("windows").alias("window")).distinct()
    dated = pieces.where(F.size("windows") > 0).select("node", "piece", "keys", F.explode("windows").alias("window"))
    open_ = pieces.where(F.size("windows") == 0).select("node", "piece", "keys")
    # A piece without a date is compared with those of all times; where there are none, with its like.
    times = spans.union(spark.createDataFrame([(-(2**31) + 1,)], "window int"))
    everywhere = open_.crossJoin(times).select("node", "piece", "keys", "window")
    listed = dated.union(everywhere).select("node", "piece", "window", F.explode("keys").alias("key"))
    links = keep(f"links{turn}", _map_whole(listed, "spread_links", LINKS, ("key", "window"), parts))
    blocks = components(spark, links, lambda name, frame: keep(name + turn, frame))
    placed = pieces.join(blocks, "node", "left").select("piece", F.coalesce("block", "node").alias("block"))
    return keep(f"stories{turn}", _map_whole(placed, "spread_group", GROUPED, ("block",), parts))


def records(frame: Any, out: str, *, parts: int | None = None, work: str | None = None) -> None:
    """Stories and records of reports, written under `out` as Parquet:

    - `stories`: a row a story: `id`, `title`, `first`, `last`, `reports`, `origins`, `events_count`, `record` (the story as it stands in
      the contract's `record`) and `documents` (its reports, likewise);
    - `events`, `tellings`, `claims`, `quotes`, `entities`: our flat tables (docs/exports.md).

    They are those that one machine makes of the same reports (`tellings brief --output json`). Steps are kept under `work`
    (`out/_work`), in a folder named by the reports and the engine's version, where a run that was stopped goes on.
    """
    from pyspark.sql import functions as F

    spark = frame.sparkSession
    reports = _reports(frame)
    work = os.path.join(work or os.path.join(out, "_work"), _mark(reports))
    parts = parts or _parallelism(spark)

    def keep(name: str, made: Any) -> Any:
        at = os.path.join(work, name)
        # Of no rows, some engines write no file: the columns are said.
        schema = made.schema
        if not _is_done(spark, at):
            made.write.mode("overwrite").parquet(at)
            spark.createDataFrame([(1,)], "done int").write.mode("overwrite").parquet(at + ".done")
        return spark.read.schema(schema).parquet(at)

    pieces = keep("pieces", _map(reports, "spread_pieces", PIECES))
    twice = pieces.groupBy("id", "part").count().where("count > 1").limit(3).collect()
    if twice:
        raise ValueError(f"ids must each be there once; there more than once are {', '.join(repr(row['id']) for row in twice)}, …")
    grouped = _stories(spark, pieces, keep, parts, "")
    # Of stories with reports that have no date the siblings may tell it; what such a report is about may look otherwise then.
    undated = pieces.where("undated and part = 0").select("id").join(grouped.where("part = 0").select("id", "story"), "id")
    wanted = grouped.join(undated.select("story").distinct(), "story", "left_semi")
    told = wanted.join(reports, "id")
    dated = keep("dated", _map_whole(told, "spread_date", PIECES + ", dating binary", ("story",), parts, 64))
    changed = dated.select("node", "piece").exceptAll(pieces.select("node", "piece")).limit(1).count()
    datings = dated.where("part = 0").select("id", "dating")
    if changed:
        others = pieces.join(dated.select("id").distinct(), "id", "left_anti")
        grouped = _stories(spark, others.unionByName(dated.drop("dating")), keep, parts, "-again")
    members = grouped.join(reports, "id").join(datings, "id", "left")
    made = keep("records", _map_whole(members, "spread_record", _record_schema(), ("story",), parts, 64))
    made.drop(*TABLES).write.mode("overwrite").parquet(os.path.join(out, "stories"))
    for name in TABLES:
        rows = made.select(F.explode(name).alias("row")).select("row.*")
        rows.write.mode("overwrite").parquet(os.path.join(out, name))


def _mark(reports: Any) -> str:
    """A name for just these reports, read by just this engine."""
    from pyspark.sql import functions as F

    from tellings import __version__

    # A missing value is not an empty one, and where it is missing counts.
    cells = [F.coalesce(F.concat(F.lit("="), F.col(name)), F.lit("-")) for name in reports.columns]
    row = F.sha2(F.concat_ws("\x1f", F.lit(",".join(reports.columns)), *cells), 256)
    # As many sums of 32 bits as make an accident out of the question.
    sums = [F.sum(F.conv(F.substring(row, start, 8), 16, 10).cast("decimal(38,0)")) for start in (1, 9, 17)]
    found = reports.agg(F.count("*"), *sums).collect()[0]
    return "-".join([__version__, *(str(int(value or 0)) for value in found)])


def _parallelism(spark: Any) -> int:
    try:
        return max(int(spark.conf.get("spark.sql.shuffle.partitions")), 1)
    except Exception:
        return 200


def _is_done(spark: Any, path: str) -> bool:
    """Was a step written to its end? Then a table of one row stands beside it."""
    if "://" not in path and not os.path.isdir(path + ".done"):
        return False
    try:
        return len(spark.read.parquet(path + ".done").columns) > 0
    except Exception:
        return False


def _load(spark: Any, path: str) -> Any:
    kinds = {".parquet": "parquet", ".jsonl": "json", ".json": "json", ".ndjson": "json", ".csv": "csv"}
    kind = kinds.get(os.path.splitext(path.rstrip("/"))[1].lower(), "parquet")
    reader = spark.read.option("header", True).option("multiLine", True) if kind == "csv" else spark.read
    return getattr(reader, kind)(path)


def main(arguments: Iterable[str] | None = None) -> None:
    """`python -m tellings.spark IN OUT`"""
    import argparse

    parser = argparse.ArgumentParser(
        prog="python -m tellings.spark", description="Read reports (Parquet, JSON Lines, CSV) and write stories and records as Parquet."
    )
    parser.add_argument("reports", metavar="IN", help="files with the columns id, text, and title, date, url, outlet where known")
    parser.add_argument("out", metavar="OUT", help="folder for the results")
    parser.add_argument("--read-only", action="store_true", help="write readings (OUT/readings) and no stories")
    parser.add_argument("--parts", type=int, help="partitions of shuffles (default: spark.sql.shuffle.partitions)")
    parser.add_argument("--remote", help="a Spark Connect or Sail server (sc://host:port); default: the session of spark-submit")
    given = parser.parse_args(list(arguments) if arguments is not None else None)
    from pyspark.sql import SparkSession

    builder = SparkSession.builder
    spark = builder.remote(given.remote).getOrCreate() if given.remote else builder.appName("tellings").getOrCreate()
    frame = _load(spark, given.reports)
    if given.read_only:
        read(frame).write.mode("overwrite").parquet(os.path.join(given.out, "readings"))
    else:
        records(frame, given.out, parts=given.parts)
    spark.stop()


if __name__ == "__main__":
    main()
