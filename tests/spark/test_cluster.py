"""On PySpark with a local cluster of executors, each a process of its own, some of which are killed while they work."""

import os
import pathlib
import shutil
import signal
import sys

import pytest
from conftest import same

import tellings.spark

pytestmark = pytest.mark.skipif(not shutil.which("java"), reason="there is no java")


def dying(marks: str, work: str):
    """Hands batches on as they are; kills the executor that it runs in the first time that reports are read, and the first time
    that they are read for their records."""

    def work_on(batches):
        if not os.path.isdir(work):
            # The reports are only looked at, for their mark.
            yield from batches
            return
        stage = "records" if list(pathlib.Path(work).glob("*/pieces.done")) else "pieces"
        try:
            os.close(os.open(os.path.join(marks, stage), os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            yield from batches
            return
        # The worker's parent is the daemon that makes workers, and its parent is the executor.
        daemon = pathlib.Path(f"/proc/{os.getppid()}/stat").read_text().rsplit(")", 1)[1].split()
        os.kill(int(daemon[1]), signal.SIGKILL)
        yield from batches

    return work_on


@pytest.fixture
def spark(tmp_path):
    import pyspark
    from pyspark.sql import SparkSession

    os.environ["SPARK_HOME"] = os.path.dirname(pyspark.__file__)
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    os.environ["SPARK_WORKER_DIR"] = str(tmp_path / "worker")
    os.environ.pop("SPARK_REMOTE", None)
    session = (
        SparkSession.builder.master("local-cluster[3,1,1024]")
        .config("spark.api.mode", "classic")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "6")
        .config("spark.executor.memory", "1024m")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "500")
        .config("spark.local.dir", str(tmp_path / "local"))
        .getOrCreate()
    )
    yield session
    session.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="finds the executor in /proc")
def test_records_are_those_of_one_machine_though_executors_die(spark, news, alone, tmp_path):
    out, marks = tmp_path / "out", tmp_path / "marks"
    marks.mkdir()
    frame = spark.read.json(str(news))
    frame = frame.repartition(6).mapInArrow(dying(str(marks), str(out / "_work")), frame.schema)
    tellings.spark.records(frame, str(out))
    assert sorted(os.listdir(marks)) == ["pieces", "records"]
    same(alone, out)
