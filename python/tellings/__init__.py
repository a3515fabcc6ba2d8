"""Reads news reports on diplomacy and conflict and writes one cited record of what happened.

>>> import tellings
>>> reading = tellings.read("Russia and Iran signed a gas accord in Tehran on 5 September 2016.")
>>> reading.events[0].type
'SUPPORT'
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from os import PathLike
from typing import Any, Literal, overload

from tellings import _engine
from tellings._engine import Table, TellingsError
from tellings._record import (
    Amendment,
    At,
    Brief,
    Commitment,
    Correction,
    Disagreement,
    Document,
    Issue,
    Lineage,
    Move,
    Negotiation,
    OtherDate,
    Part,
    Party,
    Position,
    RecordClaim,
    RecordDate,
    RecordEntity,
    RecordEvent,
    RecordFact,
    RecordPlace,
    RecordQuote,
    Role,
    Stage,
    Store,
    Story,
    Telling,
    ToldValue,
    Unresolved,
    Variant,
    Violation,
    brief,
    _paths,
)
from tellings._types import (
    Block,
    Claim,
    Dateline,
    Entity,
    Event,
    EventPlace,
    EventTime,
    Fact,
    Mention,
    Participant,
    Place,
    Problem,
    Published,
    Quantity,
    Quote,
    Reading,
    Readings,
    Source,
    Span,
    Stance,
    Time,
    Token,
    Uncoded,
    chosen,
    tell,
)

__version__: str = _engine.VERSION
__all__ = [
    "Amendment",
    "At",
    "Block",
    "Brief",
    "Claim",
    "Commitment",
    "Correction",
    "Dateline",
    "Disagreement",
    "Document",
    "Entity",
    "Event",
    "EventPlace",
    "EventTime",
    "Fact",
    "Issue",
    "Lineage",
    "Mention",
    "Move",
    "Negotiation",
    "OtherDate",
    "Part",
    "Participant",
    "Party",
    "Place",
    "Position",
    "Problem",
    "Published",
    "Quantity",
    "Quote",
    "Reading",
    "Readings",
    "RecordClaim",
    "RecordDate",
    "RecordEntity",
    "RecordEvent",
    "RecordFact",
    "RecordPlace",
    "RecordQuote",
    "Role",
    "Source",
    "Span",
    "Stage",
    "Stance",
    "Store",
    "Story",
    "Table",
    "Telling",
    "TellingsError",
    "Time",
    "Token",
    "ToldValue",
    "Uncoded",
    "Unresolved",
    "Variant",
    "Violation",
    "brief",
    "read",
    "read_files",
]

Offsets = Literal["bytes", "characters"]


def _is_arrow(value: object) -> bool:
    return hasattr(value, "__arrow_c_stream__") or hasattr(value, "__arrow_c_array__")


def _is_table(value: object) -> bool:
    return hasattr(value, "columns") and not isinstance(value, dict) or type(value).__name__ == "RecordBatch"


def _text(item: object) -> str | None:
    """A value of a list as text; `None` for what is none (a missing value is no text)."""
    if isinstance(item, str):
        return item
    if isinstance(item, datetime.datetime):
        # A missing one is not equal to itself; one without a time of day is a day.
        day = item == item and item.tzinfo is None and item.time() == datetime.time()
        return (item.date() if day else item).isoformat() if item == item else None
    if isinstance(item, datetime.date):
        return item.isoformat()
    if isinstance(item, int) and not isinstance(item, bool):
        return str(item)
    return None


def _column(values: Any, texts: bool = False) -> Any:
    """A column as the engine takes it: Arrow's as it is, anything else as a list of texts."""
    if values is None or _is_arrow(values):
        return values
    return [item if isinstance(item, str) else None if texts else _text(item) for item in values]


@overload
def read(  # type: ignore[overload-overlap]
    texts: str,
    *,
    id: str | None = ...,
    title: str | None = ...,
    date: str | datetime.date | None = ...,
    url: str | None = ...,
    outlet: str | None = ...,
    offsets: Offsets = ...,
) -> Reading: ...
@overload
def read(
    texts: Iterable[str | None] | Any,
    *,
    ids: Any = ...,
    titles: Any = ...,
    dates: Any = ...,
    urls: Any = ...,
    outlets: Any = ...,
    offsets: Offsets = ...,
) -> Readings: ...
def read(
    texts: Any,
    *,
    id: str | None = None,
    title: str | None = None,
    date: str | datetime.date | None = None,
    url: str | None = None,
    outlet: str | None = None,
    ids: Any = None,
    titles: Any = None,
    dates: Any = None,
    urls: Any = None,
    outlets: Any = None,
    offsets: Offsets = "bytes",
) -> Any:
    """Reads one text, or many in parallel on all cores.

    `texts` is a string (gives a `Reading`), or a list, a pandas or polars Series, an Arrow column or a generator of them (gives
    `Readings`, one for each, in order; what is no text gives a reading with the problem `no-text`). A table with a column `text`
    can be given as a whole: its columns `id`, `title`, `date`, `url` and `outlet` are used.

    >>> import tellings
    >>> readings = tellings.read(["Oslo hosted talks.", None], ids=["a", "b"])
    >>> [(reading.id, [problem.kind for problem in reading.problems]) for reading in readings]
    [('a', ['no-date']), ('b', ['empty', 'no-text'])]
    >>> tellings.read("Zürich hosted talks.", offsets="characters").sentences
    ((0, 20),)
    """
    chosen(offsets)
    if isinstance(texts, str):
        one = [None if value is None else [_text(value)] for value in (id, title, date, url, outlet)]
        return Reading(_engine.read([texts], *one)[0], offsets)
    if isinstance(texts, (bytes, bytearray)):
        raise TypeError("text is wanted, not bytes: decode them, or give the file to tellings.read_files()")
    if any(value is not None for value in (id, title, date, url, outlet)):
        raise TypeError("of many texts give ids=, titles=, dates=, urls=, outlets=: one for each")
    others = [_column(values) for values in (ids, titles, dates, urls, outlets)]
    if _is_table(texts):
        if any(values is not None for values in others):
            raise TypeError("of a table its own columns are used: rename them to text, id, title, date, url, outlet")
        if not _is_arrow(texts):
            names = ("text", "id", "title", "date", "url", "outlet")
            given = {name: texts[name] for name in names if name in texts.columns}
            if "text" not in given:
                raise ValueError("the table has no column `text`: rename the one that holds the texts, or give it alone")
            found = _engine.read(_column(given["text"], True), *[_column(given.get(name)) for name in names[1:]])
        else:
            found = _engine.read_table(texts)
    else:
        found = _engine.read(_column(texts, True), *others)
    return Readings([Reading(reading, offsets) for reading in found])


def read_files(
    paths: str | PathLike[str] | Iterable[str | PathLike[str]], *, input: str | None = None, offsets: Offsets = "bytes"
) -> Readings:
    """Reads files, folders and glob patterns, as the command line does; their kind is told from name and content, or given as
    `input` (`"jsonl"`, `"html"`, `"text"`, `"warc"`, …).

    What cannot be read does not stop the others; if nothing could be read, the first reason is raised.
    """
    chosen(offsets)
    found, errors = _engine.read_files(_paths(paths), input)
    tell(errors, bool(found))
    return Readings([Reading(reading, offsets) for reading in found])
