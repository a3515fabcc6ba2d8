"""The desk's doors for programs, opened by programs that others wrote: the official client of the Model Context Protocol over standard
input and output and over HTTP, and schemathesis on the API.

The command `tellings` is taken from `TELLINGS`, else from `target/debug`."""

import asyncio
import json
import os
import pathlib
import re
import subprocess
import sys

import pytest
from mcp import Client, StdioServerParameters

ROOT = pathlib.Path(__file__).resolve().parents[2]
TELLINGS = os.environ.get("TELLINGS", str(ROOT / "target/debug/tellings"))
READING = ["search", "stories", "story", "events", "event", "actor", "timeline", "quotes", "claims", "explain"]


def made(folder):
    store = folder / "desk.db"
    samples = [str(ROOT / "examples" / name) for name in ("hangzhou", "ceasefire", "vienna")]
    subprocess.run([TELLINGS, "add", "--store", str(store), *samples], check=True, capture_output=True)
    return str(store)


@pytest.fixture(scope="session")
def store(tmp_path_factory):
    return made(tmp_path_factory.mktemp("doors"))


@pytest.fixture(scope="session")
def desk(store):
    """The address of a desk."""
    served = subprocess.Popen(
        [TELLINGS, "serve", "--store", store, "--listen", "127.0.0.1:0"], stderr=subprocess.PIPE, text=True
    )
    yield re.search(r"http://[\d.:]+", served.stderr.readline()).group()
    served.terminate()
    assert served.wait(30) == 0


def citations(value):
    """Every place in a report that an answer names."""
    if isinstance(value, dict):
        if "document" in value and "span" in value:
            yield value
        for one in value.values():
            yield from citations(one)
    elif isinstance(value, list):
        for one in value:
            yield from citations(one)


def text_of(store, document):
    """The text of a report, as the command itself tells it."""
    told = subprocess.run([TELLINGS, "show", "--store", store, "--json", document], check=True, capture_output=True)
    return json.loads(told.stdout)["text"].encode()


async def reads_everything(server, store):
    texts = {}
    async with Client(server) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert list(tools) == READING
        assert all(tool.annotations.read_only_hint for tool in tools.values())

        async def ask(name, **arguments):
            answer = await client.call_tool(name, arguments)
            assert not answer.is_error, (name, arguments, answer.content)
            value = answer.structured_content
            places = list(citations(value))
            for place in places:
                assert place["words"], (name, place)
                document = place["document"]
                if document not in texts:
                    texts[document] = text_of(store, document)
                there = texts[document][slice(*place["span"])].decode()
                words = place["words"].removesuffix("…")
                assert " ".join(there.split()).startswith(words), (name, place, there)
            return value, places

        found, places = await ask("search", q="Hangzhou")
        assert places and found["stories"] and found["actors"]
        story = found["stories"][0]["id"]
        assert (await ask("stories", origins=2))[0]["stories"]
        brief, places = await ask("story", id=story)
        headings = [piece["words"] for piece in brief["pieces"] if piece["kind"] == "heading"]
        assert len(places) > 10 and "Timeline" in headings
        events, places = await ask("events", type=["CONSULT"], limit=3)
        assert len(events["events"]) == 3 and places
        event, places = await ask("event", id=events["events"][0]["id"])
        assert places and event["participants"]
        assert (await ask("actor", id="Barack Obama"))[1]
        for name in ("timeline", "quotes", "claims"):
            value, places = await ask(name, id=story)
            assert places, name
        quotes, _ = await ask("quotes", id=story, speaker="obama")
        assert quotes["quotes"] and all("Obama" in quote["speaker_name"] for quote in quotes["quotes"])
        why, places = await ask("explain", of=event["id"])
        assert places and all(one["rule"] for one in why["explanations"])
        # What cannot be is told, not thrown.
        for name, arguments in [
            ("event", {"id": "none"}),
            ("event", {}),
            ("events", {"type": "WAR"}),
            ("search", {"q": "x", "nonsense": 1}),
            ("correct", {"action": "accept", "event": event["id"]}),
        ]:
            assert (await client.call_tool(name, arguments)).is_error, name


def test_an_assistant_reads_over_standard_input(store):
    server = StdioServerParameters(command=TELLINGS, args=["mcp", "--store", store])
    asyncio.run(reads_everything(server, store))


def test_an_assistant_reads_over_http(desk, store):
    asyncio.run(reads_everything(desk + "/mcp", store))


def test_an_assistant_corrects_only_where_it_may(tmp_path):
    store = made(tmp_path)
    server = StdioServerParameters(command=TELLINGS, args=["mcp", "--store", store, "--allow-corrections", "--author", "A"])

    async def corrects():
        async with Client(server) as client:
            tools = {tool.name: tool for tool in (await client.list_tools()).tools}
            assert not tools["correct"].annotations.read_only_hint
            events = (await client.call_tool("events", {"type": "CONSULT"})).structured_content["events"]
            event = events[0]["id"]
            done = await client.call_tool("correct", {"action": "reject", "event": event, "note": "a test"})
            assert not done.is_error, done.content
            again = (await client.call_tool("events", {"type": "CONSULT"})).structured_content["events"]
            gone = [one for one in again if one["id"] == event]
            assert not gone
            undone = await client.call_tool("correct", {"action": "undo", "correction": done.structured_content["correction"]})
            assert not undone.is_error
            back = (await client.call_tool("events", {"type": "CONSULT"})).structured_content["events"]
            assert [one["id"] for one in back] == [one["id"] for one in events]

    asyncio.run(corrects())
    listed = subprocess.run([TELLINGS, "correct", "list", "--all", "--store", store], check=True, capture_output=True, text=True)
    assert " A" in listed.stdout


def test_the_api_is_as_its_document_says(desk, tmp_path):
    """A few seeds for each operation; the same ones each time."""
    run = subprocess.run(
        [
            str(pathlib.Path(sys.executable).with_name("schemathesis").absolute()),
            "run",
            desk + "/api/v1/openapi.json",
            "--max-examples=4",
            "--phases=examples,coverage,fuzzing",
            "--seed=8",
            "--generation-deterministic",
            "--request-timeout=60",
            "--no-color",
        ],
        capture_output=True,
        text=True,
        timeout=300,
        # It keeps what it found where it runs.
        cwd=tmp_path,
    )
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
