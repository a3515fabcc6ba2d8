"""On Ray: the readings of many workers are those of one. Skipped where Ray is not installed (`pip install "ray[data]"`)."""

import json
import os

import pytest

import tellings.spark

ray = pytest.importorskip("ray")


@pytest.fixture
def cluster():
    os.environ.setdefault("RAY_AUTH_MODE", "disabled")
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, _node_ip_address="127.0.0.1")
    yield
    ray.shutdown()


def test_readings_are_those_of_one_machine(cluster, news):
    import pyarrow

    reports = pyarrow.Table.from_pylist([json.loads(line) for line in news.read_text().splitlines()[:200]])
    frame = ray.data.from_arrow(reports).repartition(4)
    rows = frame.map_batches(tellings.spark.read_batch, batch_format="pyarrow", batch_size=32).take_all()
    alone = tellings.spark.read_batch(reports).to_pylist()
    assert {row["id"]: row["reading"] for row in rows} == {row["id"]: row["reading"] for row in alone}
    assert len(rows) == len(alone) == 200
