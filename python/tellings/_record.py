"""A record and its brief, and the store, as objects."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from os import PathLike, fspath
from typing import Any

from tellings import _engine
from tellings._types import Published, Source, Span, _list, _of, _span, chosen, make, tell


@dataclass(frozen=True, slots=True)
class At:
    """Words in a report."""

    document: str = ""
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Role:
    """What somebody is, and which words say so."""

    role: str = ""
    document: str | None = None
    span: Span | None = _span()


@dataclass(frozen=True, slots=True)
class RecordEntity:
    """Somebody or something of a story."""

    id: str = ""
    name: str = ""
    kind: str = ""
    country: str | None = None
    sectors: tuple[str, ...] = _list()
    generic: bool = False
    roles: tuple[Role, ...] = _list(Role)
    mentions: tuple[At, ...] = _list(At)
    rule: str = ""


@dataclass(frozen=True, slots=True)
class RecordDate:
    """A day, how exactly it is known, and whether the reports agree."""

    value: str | None = None
    precision: str | None = None
    basis: str | None = None
    agreement: str | None = None


@dataclass(frozen=True, slots=True)
class RecordPlace:
    """A place, and whether the reports agree."""

    name: str = ""
    country: str | None = None
    lat: float | None = None
    lon: float | None = None
    agreement: str = ""


@dataclass(frozen=True, slots=True)
class ToldValue:
    """A value and the tellings that give it."""

    value: str = ""
    tellings: tuple[int, ...] = _list()
    superseded: bool = False


@dataclass(frozen=True, slots=True)
class RecordFact:
    """A fact of an event with its values."""

    attribute: str = ""
    agreement: str = ""
    values: tuple[ToldValue, ...] = _list(ToldValue)


@dataclass(frozen=True, slots=True)
class Telling:
    """One report's telling of an event."""

    document: str = ""
    lineage: int = 0
    trigger: Span = _span()
    span: Span = _span()
    attributed_to: str | None = None
    realis: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True)
class RecordEvent:
    """One event, however many report it: `origins` counts independent lineages, `articles` reports."""

    id: str = ""
    type: str | None = None
    modes: tuple[str, ...] = _list()
    contexts: tuple[str, ...] = _list()
    cameo: str | None = None
    actors: tuple[str, ...] = _list()
    recipients: tuple[str, ...] = _list()
    date: RecordDate = _of(RecordDate)
    place: RecordPlace | None = _of(RecordPlace)
    facts: tuple[RecordFact, ...] = _list(RecordFact)
    realis: str = ""
    status: str = ""
    tellings: tuple[Telling, ...] = _list(Telling)
    origins: int = 0
    articles: int = 0
    rule: str = ""


@dataclass(frozen=True, slots=True)
class RecordClaim:
    """A claim, by and toward entities of its story."""

    id: str = ""
    kind: str = ""
    by: str | None = None
    toward: str | None = None
    label: str | None = None
    class_: str | None = None
    issue: str | None = None
    date: RecordDate = _of(RecordDate)
    realis: str = ""
    answered_by: tuple[str, ...] = _list()
    tellings: tuple[At, ...] = _list(At)
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Variant:
    """A quote as one report has it."""

    document: str = ""
    span: Span = _span()
    variant: str = ""


@dataclass(frozen=True, slots=True)
class RecordQuote:
    """Words that somebody said, however many report them."""

    id: str = ""
    speaker: str | None = None
    with_: tuple[str, ...] = _list()
    text: str = ""
    tellings: tuple[Variant, ...] = _list(Variant)
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Where reports differ."""

    about: str = ""
    attribute: str = ""
    values: tuple[ToldValue, ...] = _list(ToldValue)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Lineage:
    """Reports of one origin: `relation` says how each came from it."""

    origin: str = ""
    documents: tuple[str, ...] = _list()
    relation: Mapping[str, str] | None = None
    notes: tuple[str, ...] = _list()


@dataclass(frozen=True, slots=True)
class Unresolved:
    """What could not be resolved, and where."""

    document: str = ""
    span: Span = _span()
    kind: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """A value that a later telling takes back."""

    about: str = ""
    attribute: str = ""
    from_: str | None = None
    to: str = ""
    document: str = ""
    span: Span = _span()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """A side of talks, or who mediates."""

    entity: str = ""
    name: str = ""
    role: str = ""
    members: tuple[str, ...] = _list()


@dataclass(frozen=True, slots=True)
class Position:
    """What a party holds on an issue; `claim` and `also` are ids of claims."""

    party: str = ""
    kind: str = ""
    claim: str = ""
    date: str | None = None
    document: str = ""
    span: Span = _span()
    also: tuple[str, ...] = _list()


@dataclass(frozen=True, slots=True)
class Move:
    """A party that gave up one position for another."""

    party: str = ""
    from_: str | None = None
    to: str | None = None
    document: str = ""
    span: Span = _span()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Issue:
    """What talks are about (PA-X), the parties' positions in order of time, what moved, and which claims conflict."""

    issue: str | None = None
    sticking: bool = False
    positions: tuple[Position, ...] = _list(Position)
    moved: tuple[Move, ...] = _list(Move)
    conflicts: tuple[tuple[str, str], ...] = _list(tuple)
    stuck: tuple[At, ...] = _list(At)


@dataclass(frozen=True, slots=True)
class Commitment:
    """What parties bound themselves to, by an event or a claim (`source`), and until when."""

    parties: tuple[str, ...] = _list()
    source: str = ""
    document: str = ""
    span: Span = _span()
    deadline: str | None = None
    deadline_span: Span | None = _span()


@dataclass(frozen=True, slots=True)
class Violation:
    """A breach that somebody is accused of, and the claims that answer."""

    claim: str = ""
    by: str | None = None
    against: str | None = None
    document: str = ""
    span: Span = _span()
    answers: tuple[str, ...] = _list()
    also: tuple[str, ...] = _list()


@dataclass(frozen=True, slots=True)
class Stage:
    """What an event says of how far talks are."""

    stage: str = ""
    event: str = ""
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Negotiation:
    """The file on a story's talks. `offers` are ids of claims."""

    parties: tuple[Party, ...] = _list(Party)
    issues: tuple[Issue, ...] = _list(Issue)
    offers: tuple[str, ...] = _list()
    commitments: tuple[Commitment, ...] = _list(Commitment)
    violations: tuple[Violation, ...] = _list(Violation)
    stage: str | None = None
    stages: tuple[Stage, ...] = _list(Stage)


@dataclass(frozen=True, slots=True)
class Amendment:
    """What somebody set right in a store."""

    about: str = ""
    correction: str = ""
    action: str = ""
    author: str = ""
    made: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """One developing matter, as all its reports tell it."""

    id: str = ""
    title: str = ""
    documents: tuple[str, ...] = _list()
    parts: tuple[At, ...] = _list(At)
    first: str | None = None
    last: str | None = None
    entities: tuple[RecordEntity, ...] = _list(RecordEntity)
    events: tuple[RecordEvent, ...] = _list(RecordEvent)
    claims: tuple[RecordClaim, ...] = _list(RecordClaim)
    quotes: tuple[RecordQuote, ...] = _list(RecordQuote)
    disagreements: tuple[Disagreement, ...] = _list(Disagreement)
    corrections: tuple[Correction, ...] = _list(Correction)
    negotiation: Negotiation | None = _of(Negotiation)
    timeline: tuple[str, ...] = _list()
    lineages: tuple[Lineage, ...] = _list(Lineage)
    merged: tuple[str, ...] = _list()
    parents: tuple[str, ...] = _list()
    sticking_points: tuple[At, ...] = _list(At)
    unresolved: tuple[Unresolved, ...] = _list(Unresolved)
    amended: tuple[Amendment, ...] = _list(Amendment)


@dataclass(frozen=True, slots=True)
class OtherDate:
    """A day of publication that comes near the one that was chosen."""

    value: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a page that came from a report of another day."""

    span: Span = _span()
    published: Published = _of(Published)


@dataclass(frozen=True, slots=True)
class Document:
    """A report of a record."""

    id: str = ""
    title: str | None = None
    published: Published = _of(Published)
    source: Source = _of(Source)
    credits: tuple[str, ...] = _list()
    signs: tuple[str, ...] = _list()
    other_dates: tuple[OtherDate, ...] = _list(OtherDate)
    parts: tuple[Part, ...] = _list(Part)


class Brief:
    """The record of many reports, and the cited brief that tells it.

    >>> import tellings
    >>> readings = tellings.read(
    ...     ["Russia and Iran signed a gas accord in Tehran on Monday.", "Iran and Russia signed a gas accord on Monday, Tehran said."],
    ...     dates=["2016-09-06", "2016-09-07"],
    ... )
    >>> brief = tellings.brief(readings)
    >>> [event.type for event in brief.stories[0].events]
    ['SUPPORT']
    >>> print(brief.text(words=100).splitlines()[0])
    Russia and Iran signed a gas accord in Tehran on Monday.
    """

    def __init__(self, engine: _engine.Brief, offsets: str = "bytes") -> None:
        self._engine = engine
        self._characters = offsets == "characters"

    def __len__(self) -> int:
        return len(self._engine)

    @cached_property
    def _record(self) -> dict[str, Any]:
        return self.to_dict()

    @cached_property
    def stories(self) -> tuple[Story, ...]:
        """Its stories, those of most reports first."""
        return tuple(make(Story, story) for story in self._record["stories"])

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        """Its reports, in the order of their ids."""
        return tuple(make(Document, document) for document in self._record["documents"])

    @cached_property
    def texts(self) -> dict[str, str]:
        """The text of each report by its id: what the record's places are in."""
        return self._engine.texts()

    def words(self, at: Any) -> str:
        """The words at a place: anything with `document` and `span`."""
        start, end = at.span
        text = self.texts[at.document]
        return text[start:end] if self._characters else text.encode()[start:end].decode(errors="replace")

    def text(self, *, words: int = 1500, since: str | None = None) -> str:
        """The brief as plain text: a story in so many words (0: all there is), what only reports from `since` on tell first."""
        return self._engine.write("text", words, since)

    def markdown(self, *, words: int = 1500, since: str | None = None) -> str:
        """The brief as Markdown."""
        return self._engine.write("markdown", words, since)

    def html(self, *, words: int = 1500, since: str | None = None) -> str:
        """The brief as one self-contained page."""
        return self._engine.write("html", words, since)

    def to_dict(self) -> dict[str, Any]:
        """The record: the contract's JSON as a dict."""
        return json.loads(self.to_json())

    def to_json(self) -> str:
        """The record: the line that `tellings brief --output json` writes."""
        return self._engine.json(self._characters)

    def table(self, name: str) -> _engine.Table:
        """A flat table of the record (`events`, `tellings`, `claims`, `quotes`, `stories`, `reports`, `entities`; columns in
        docs/exports.md), taken over without a copy by `pyarrow.table`, `polars.DataFrame`, DuckDB and others. Its offsets are bytes."""
        return self._engine.table(name)

    def export(self, layout: str, *, parquet: bool = False) -> bytes:
        """The record in a layout of `tellings export` (`gdelt`, `plover`, `graphml`, …)."""
        return self._engine.export(layout, parquet)

    def _repr_html_(self) -> str:
        return self.html()

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"<Brief of {len(self)} stories>"


def _paths(paths: Any) -> list[str]:
    return [fspath(path) for path in ([paths] if isinstance(paths, (str, PathLike)) else paths)]


class Store:
    """One file (or a PostgreSQL server, by its address) that keeps reports, searches them, and holds their stories and records: the
    same store that `tellings add`, `search`, `serve` use.

    It is opened for each question, so that a desk or a watch may use it at the same time.
    """

    def __init__(self, path: str | PathLike[str]) -> None:
        self.path = fspath(path)
        self._engine = _engine.Store(self.path)

    def add(self, paths: str | PathLike[str] | Iterable[str | PathLike[str]], *, input: str | None = None) -> list[str]:
        """Reads files, folders and patterns into the store and brings its stories and records up to date; gives the ids of the reports
        that are new. What cannot be read does not stop the others, and is told as a warning."""
        new, known, errors = self._engine.add(_paths(paths), input)
        tell(errors, bool(new or known))
        return new

    def counts(self) -> dict[str, int]:
        """How many reports, events, stories and problems are in it."""
        return json.loads(self._engine.counts())

    def reading(self, id: str) -> dict[str, Any]:
        """The reading of a report: the contract's JSON as a dict."""
        return json.loads(self._engine.reading(id))

    def search(
        self,
        words: str = "",
        *,
        since: str | None = None,
        until: str | None = None,
        outlet: str | None = None,
        limit: int = 50,
        skip: int = 0,
    ) -> list[dict[str, Any]]:
        """Reports by their words (`"phrases"`, `-without`, `title:word`, `begin*`, `OR`)."""
        return json.loads(self._engine.search(words, since, until, outlet, limit, skip))

    def stories(
        self,
        words: str = "",
        *,
        since: str | None = None,
        until: str | None = None,
        min_reports: int = 0,
        min_origins: int = 0,
        limit: int = 50,
        skip: int = 0,
    ) -> list[dict[str, Any]]:
        """Stories, the last that moved first: the contract's `stories`."""
        found = self._engine.stories(words, since, until, min_reports, min_origins, limit, skip)
        return json.loads(found)["stories"]

    def events(
        self,
        *,
        types: Sequence[str] = (),
        since: str | None = None,
        until: str | None = None,
        actor: str | None = None,
        place: str | None = None,
        realis: str | None = None,
        min_origins: int = 0,
        limit: int = 1000,
        skip: int = 0,
    ) -> list[dict[str, Any]]:
        """Events of the records, by their days."""
        found = self._engine.events(list(types), since, until, actor, place, realis, min_origins, limit, skip)
        return json.loads(found)["events"]

    def brief(self, *stories: str) -> Brief:
        """The record and brief of these stories (of all, where none is named), with what people set right."""
        return Brief(self._engine.brief(list(stories)))

    def __repr__(self) -> str:
        return f"Store({self.path!r})"


def brief(reports: Any, *, input: str | None = None, offsets: str = "bytes") -> Brief:
    """The record of many reports, with the brief that tells it.

    `reports` are files, folders and glob patterns, as for `tellings brief`, or readings (`tellings.read([...])`).
    """
    chosen(offsets)
    given = reports if isinstance(reports, (str, PathLike)) else list(reports)
    if not isinstance(given, (str, PathLike)) and given and all(hasattr(reading, "to_json") for reading in given):
        return Brief(_engine.brief_readings([reading._engine for reading in given]), offsets)
    found, read, errors = _engine.brief_files(_paths(given), input)
    tell(errors, bool(read))
    return Brief(found, offsets)
