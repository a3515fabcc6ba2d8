"""Reading from Python: what goes in, and what comes out."""

import datetime
import json
import threading

import pytest

import tellings

TEXT = "Russia and Iran signed a gas accord in Tehran on Monday. \"We are brothers,\" said Ivan Petrov."


def test_one_text_is_a_reading_with_typed_layers():
    reading = tellings.read(TEXT, id="a", date=datetime.date(2016, 9, 6), outlet="The Times")
    assert reading.id == "a" and reading.text == TEXT and reading.source.outlet == "The Times"
    assert reading.published == tellings.Published("2016-09-06", "day", "metadata")
    event = reading.events[0]
    assert isinstance(event, tellings.Event) and event.type == "SUPPORT" and reading.words(event.trigger) == "signed"
    assert event.time.value == "2016-09-05"
    assert [reading.entities[actor.entity].country for actor in event.actors] == ["RUS", "IRN"]
    assert reading.quotes[0].content and reading.words(reading.quotes[0].speaker) == "Ivan Petrov"
    assert [reading.words(token.span) for token in reading.tokens[:3]] == ["Russia", "and", "Iran"]


def test_the_dict_is_the_contracts_json():
    reading = tellings.read(TEXT, id="a")
    assert reading.to_dict() == json.loads(reading.to_json())
    assert reading.to_dict()["schema"] == "tellings.reading/1"
    assert len(reading.to_dict()["tokens"]) == len(reading.tokens)


def test_a_bad_item_is_in_its_place_and_stops_nothing():
    readings = tellings.read([TEXT, None, float("nan"), "", TEXT], ids=["a", "b", "c", "d", "e"])
    assert [reading.id for reading in readings] == ["a", "b", "c", "d", "e"]
    assert [bool(reading.events) for reading in readings] == [True, False, False, False, True]
    assert "no-text" in [problem.kind for problem in readings[1].problems]
    assert isinstance(readings[1:3], tellings.Readings) and len(readings[1:3]) == 2


def test_columns_must_be_of_one_length():
    with pytest.raises(ValueError, match="2 texts but 1 of `id`"):
        tellings.read([TEXT, TEXT], ids=["a"])
    with pytest.raises(TypeError, match="ids="):
        tellings.read([TEXT], id="a")
    with pytest.raises(TypeError, match="not bytes"):
        tellings.read(b"bytes")
    with pytest.raises(ValueError, match="offsets"):
        tellings.read(TEXT, offsets="words")


def test_offsets_are_bytes_or_characters():
    text = "Zürich – “Öl” deal: Ürgüp’s mayor met António Guterres in Göteborg on Monday."
    by_bytes = tellings.read(text)
    by_characters = tellings.read(text, offsets="characters")
    assert by_bytes.sentences != by_characters.sentences
    for one, other in zip(by_bytes.mentions, by_characters.mentions, strict=True):
        assert text.encode()[slice(*one.span)].decode() == text[slice(*other.span)]
        assert by_bytes.words(one.head) == by_characters.words(other.head)
    assert [text[slice(*token.span)] for token in by_characters.tokens][:2] == ["Zürich", "–"]
    assert by_characters.to_dict()["tokens"][0]["head"] == by_bytes.to_dict()["tokens"][0]["head"]


def test_the_lock_is_released_while_it_reads():
    beats, done = 0, threading.Event()

    def beat():
        nonlocal beats
        while not done.is_set():
            beats += 1

    heart = threading.Thread(target=beat)
    heart.start()
    before = beats
    tellings.read([TEXT * 40] * 40)
    during = beats - before
    done.set()
    heart.join()
    # The other thread ran all the time; a held lock would have let it run once at most.
    assert during > 100


def test_files(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "b.jsonl").write_text(json.dumps({"id": "b", "text": TEXT}) + "\nnot json\n")
    with pytest.warns(UserWarning, match="line 2"):
        readings = tellings.read_files(tmp_path)
    assert [reading.id for reading in readings] == ["a", "b"]
    with pytest.raises(FileNotFoundError, match="none.txt"):
        tellings.read_files(tmp_path / "none.txt")
    with pytest.raises(ValueError, match="jsonl"):
        tellings.read_files(tmp_path, input="word")
