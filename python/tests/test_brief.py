"""Records, briefs and stores."""

import dataclasses
import json
from pathlib import Path

import pyarrow
import pytest

import tellings

ONE = "Russia and Iran signed a gas accord in Tehran on Monday, officials said. At least 12 people were hurt in Zürich."
OTHER = "Iran and Russia signed a gas accord in Tehran on Monday. “Zürich hat es geahnt,” Ivan Petrov said in Tehran."


@pytest.fixture
def folder(tmp_path):
    rows = [{"id": "a", "text": ONE, "date": "2016-09-06"}, {"id": "b", "text": OTHER, "date": "2016-09-07"}]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return tmp_path


def test_a_brief_of_files_is_that_of_their_readings(folder):
    brief = tellings.brief(folder / "in.jsonl")
    again = tellings.brief(tellings.read_files(folder))
    assert brief.to_json() == again.to_json() and brief.to_dict()["schema"] == "tellings.record/1"
    story = brief.stories[0]
    assert set(story.documents) == {"a", "b"} and isinstance(story.events[0], tellings.RecordEvent)
    assert {"a", "b"} == {telling.document for event in story.events if event.type == "SUPPORT" for telling in event.tellings}
    assert "gas accord" in brief.text(words=0) and str(brief) == brief.text()
    assert brief.markdown().startswith("#") and "<html" in brief.html()
    assert brief.documents[0].published.value == "2016-09-06"
    with pytest.raises(ValueError, match="not a day"):
        brief.text(since="Monday")


def missing(cls, value):
    """Keys of the JSON that the class has no field for, with those below."""
    fields = {field.name.rstrip("_"): field for field in dataclasses.fields(cls)}
    yield from (f"{cls.__name__}.{key}" for key in value if key not in fields)
    for key, field in fields.items():
        of, below = field.metadata.get("of"), value.get(key)
        if dataclasses.is_dataclass(of) and below:
            for each in below if isinstance(below, list) else [below]:
                yield from missing(of, each)


def test_objects_have_all_that_the_json_has():
    samples = Path(__file__).parents[2] / "examples"
    brief = tellings.brief(samples)
    record = brief.to_dict()
    lost = {key for story in record["stories"] for key in missing(tellings.Story, story)}
    lost |= {key for document in record["documents"] for key in missing(tellings.Document, document)}
    for reading in tellings.read_files(samples):
        layers = {name: value for name, value in reading.to_dict().items() if name != "schema"}
        lost |= {f"Reading.{name}" for name in layers if not hasattr(reading, name)}
        for name, value in layers.items():
            made = getattr(reading, name, None)
            for one, given in zip(made, value, strict=True) if isinstance(made, tuple) else [(made, value)]:
                if dataclasses.is_dataclass(one):
                    lost |= set(missing(type(one), given))
    assert lost == set()
    # The file on the talks: who wants what.
    files = [story.negotiation for story in brief.stories if story.negotiation]
    positions = [position for file in files for issue in file.issues for position in issue.positions]
    assert positions and all(brief.words(position) for position in positions)
    assert {party.role for file in files for party in file.parties} >= {"party"}


def test_places_of_a_record_are_bytes_or_characters(folder):
    told = []
    for offsets in ("bytes", "characters"):
        brief = tellings.brief(folder, offsets=offsets)
        quotes = [quote for story in brief.stories for quote in story.quotes]
        told.append([brief.words(at) for quote in quotes for at in quote.tellings])
        told.append([brief.words(telling) for story in brief.stories for event in story.events for telling in event.tellings])
    assert told[:2] == told[2:] and any("Zürich hat es geahnt" in words for words in told[0])


def test_tables_and_layouts_of_a_record(folder):
    brief = tellings.brief(folder)
    events = pyarrow.table(brief.table("events"))
    assert events.num_rows == sum(len(story.events) for story in brief.stories)
    assert events.column("event_id").to_pylist()[0] == brief.stories[0].events[0].id
    assert events.schema.field("origins").type == pyarrow.int64() and events.schema.field("lat").type == pyarrow.float64()
    assert brief.export("events").splitlines()[0].startswith(b"event_id,story_id")
    assert brief.export("events", parquet=True).startswith(b"PAR1")
    with pytest.raises(ValueError, match="no layout; there are events"):
        brief.export("xlsx")
    with pytest.raises(ValueError, match="export"):
        brief.table("gdelt")


def test_a_store_keeps_searches_and_briefs(folder):
    store = tellings.Store(folder / "desk.db")
    assert store.add(folder / "in.jsonl") == ["a", "b"]
    assert store.add(folder / "in.jsonl") == []
    assert store.counts()["documents"] == 2
    assert [hit["id"] for hit in store.search("officials")] == ["a"]
    assert store.reading("a") == tellings.read_files(folder / "in.jsonl")[0].to_dict()
    story = store.stories()[0]
    brief = store.brief(story["id"])
    assert brief.stories[0].id == story["id"] and len(store.brief()) == len(store.stories())
    assert [event["id"] for event in store.events(types=["SUPPORT"])] == [
        event.id for event in brief.stories[0].events if event.type == "SUPPORT"
    ]
    with pytest.raises(KeyError, match="search"):
        store.reading("none")
    with pytest.raises(KeyError, match="stories"):
        store.brief("s-none")
    with pytest.raises(tellings.TellingsError, match="cannot"):
        tellings.Store(folder).counts()
    with pytest.raises((tellings.TellingsError, FileNotFoundError), match="none.db"):
        tellings.Store(folder / "none.db").counts()
