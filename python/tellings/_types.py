"""What a reading and a record are made of, as objects; the names are those of the JSON (docs/formats.md)."""

from __future__ import annotations

import dataclasses
import json
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar, overload

from tellings import _engine

Span = tuple[int, int]
"""Start and end in the text, half-open: offsets of UTF-8 bytes, or of characters where they were asked for."""

T = TypeVar("T")


def _of(cls: type) -> Any:
    return field(default=None, metadata={"of": cls})


def _list(cls: type | None = None) -> Any:
    return field(default=(), metadata={"of": cls, "list": True})


def _span() -> Any:
    return field(default=None, metadata={"of": tuple})


def chosen(offsets: str) -> str:
    """The offsets that are asked for, if there are such."""
    if offsets not in ("bytes", "characters"):
        raise ValueError(f"offsets are 'bytes' or 'characters', not {offsets!r}")
    return offsets


def tell(errors: Sequence[Exception], found: bool) -> None:
    """Raises the first error if nothing was found; else warns of all."""
    if errors and not found:
        raise errors[0]
    for error in errors:
        warnings.warn(str(error), stacklevel=3)


def make(cls: type[T], value: Mapping[str, Any]) -> T:
    """The object that a part of the JSON is; keys that a later engine adds are left out. A field whose key is a word of Python's ends
    in `_`."""
    arguments: dict[str, Any] = {}
    for each in dataclasses.fields(cls):  # type: ignore[arg-type]
        given = value.get(each.name.rstrip("_"))
        of = each.metadata.get("of")
        if given is None:
            continue
        if each.metadata.get("list"):
            one = (lambda item: item) if of is None else tuple if of is tuple else (lambda item, of=of: make(of, item))
            given = tuple(one(item) for item in given)
        elif of is tuple:
            given = tuple(given)
        elif of is not None:
            given = make(of, given)
        arguments[each.name] = given
    return cls(**arguments)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a report came from."""

    path: str | None = None
    url: str | None = None
    outlet: str | None = None
    section: str | None = None


@dataclass(frozen=True, slots=True)
class Dateline:
    """The place that a report is dated from."""

    place: str = ""
    span: Span | None = _span()


@dataclass(frozen=True, slots=True)
class Published:
    """When a report was published, how exactly that is known, and from what."""

    value: str | None = None
    precision: str | None = None
    basis: str | None = None
    from_: tuple[str, ...] = _list()


@dataclass(frozen=True, slots=True)
class Block:
    """A block of the text: title, paragraph, quotation."""

    kind: str = ""
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Token:
    """A word as Universal Dependencies has it; `head` counts words, -1 is a root."""

    span: Span = _span()
    lemma: str = ""
    upos: str = ""
    xpos: str = ""
    feats: str | None = None
    head: int = -1
    deprel: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that stand for somebody or something; `entity` counts the entities of the reading."""

    span: Span = _span()
    head: Span = _span()
    kind: str = ""
    form: str = ""
    entity: int | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """Somebody or something that the report names."""

    name: str = ""
    kind: str = ""
    country: str | None = None
    sectors: tuple[str, ...] = _list()
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Time:
    """An expression of time with its TIMEX3 type and value."""

    span: Span = _span()
    type: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A place that the report names, and where it is."""

    span: Span = _span()
    name: str = ""
    country: str | None = None
    lat: float | None = None
    lon: float | None = None
    geonames: int | None = None
    feature: str = ""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, or how many of what."""

    span: Span = _span()
    value: float = 0.0
    low: float | None = None
    high: float | None = None
    unit: str | None = None
    of: str | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """Words that somebody is said to have said."""

    content: tuple[Span, ...] = _list(tuple)
    cue: Span | None = _span()
    speaker: Span | None = _span()
    entity: int | None = None
    kind: str = ""
    audience: Span | None = _span()
    time: int | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody holds, demands, offers, denies or calls another."""

    kind: str = ""
    span: Span = _span()
    by: int | None = None
    toward: int | None = None
    label: str | None = None
    class_: str | None = None
    issue: str | None = None
    realis: str = ""
    quote: int | None = None
    answers: int | None = None


@dataclass(frozen=True, slots=True)
class Stance:
    """How one entity stands toward another, and the claims and events that show it."""

    by: int = 0
    toward: int = 0
    value: float = 0.0
    claims: tuple[int, ...] = _list()
    events: tuple[int, ...] = _list()


@dataclass(frozen=True, slots=True)
class Participant:
    """Who took part in an event, and the words that say so."""

    entity: int | None = None
    span: Span = _span()
    code: str | None = None


@dataclass(frozen=True, slots=True)
class EventTime:
    """When an event took place."""

    value: str = ""
    precision: str = ""
    basis: str = ""
    span: Span | None = _span()


@dataclass(frozen=True, slots=True)
class EventPlace:
    """Where an event took place: `place` counts the places of the reading."""

    place: int = 0
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of an event: how many, how long, with what outcome."""

    attribute: str = ""
    value: str = ""
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Event:
    """What happened between whom, coded in PLOVER; `rule` says what coded it."""

    trigger: Span = _span()
    span: Span = _span()
    type: str | None = None
    modes: tuple[str, ...] = _list()
    contexts: tuple[str, ...] = _list()
    cameo: str | None = None
    actors: tuple[Participant, ...] = _list(Participant)
    recipients: tuple[Participant, ...] = _list(Participant)
    time: EventTime | None = _of(EventTime)
    place: EventPlace | None = _of(EventPlace)
    realis: str = ""
    attributed_to: int | None = None
    facts: tuple[Fact, ...] = _list(Fact)
    rule: str = ""
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Uncoded:
    """A sentence that tells of something and gave no event, and why."""

    span: Span = _span()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What was wrong with a report, or is not known of it."""

    kind: str = ""
    span: Span | None = _span()
    note: str = ""


class Reading:
    """One report with every layer.

    >>> import tellings
    >>> reading = tellings.read("Iran and Oman signed a trade accord in Muscat on Monday.", date="2016-09-06")
    >>> [(event.type, reading.words(event.trigger)) for event in reading.events]
    [('SUPPORT', 'signed')]
    >>> reading.times[0].value
    '2016-09-05'
    """

    def __init__(self, engine: _engine.Reading, offsets: str = "bytes") -> None:
        self._engine = engine
        self._characters = offsets == "characters"

    @property
    def id(self) -> str:
        """Its id: the one given, or made from the input."""
        return self._engine.id

    @property
    def text(self) -> str:
        """The text that all offsets are of."""
        return self._engine.text

    @cached_property
    def _bytes(self) -> bytes:
        return self.text.encode()

    @cached_property
    def _layers(self) -> dict[str, Any]:
        return json.loads(self._engine.json(False, self._characters))

    def _layer(self, name: str, cls: type[T]) -> tuple[T, ...]:
        return tuple(make(cls, item) for item in self._layers[name])

    def words(self, span: Span) -> str:
        """The words at a place in the text."""
        start, end = span
        return self.text[start:end] if self._characters else self._bytes[start:end].decode(errors="replace")

    @property
    def title(self) -> str | None:
        """Its title."""
        return self._layers["title"]

    @property
    def language(self) -> str | None:
        """Its language."""
        return self._layers["language"]

    @property
    def bylines(self) -> tuple[str, ...]:
        """Who wrote it."""
        return tuple(self._layers["bylines"])

    @property
    def credits(self) -> tuple[str, ...]:
        """Agencies that it credits."""
        return tuple(self._layers["credits"])

    @cached_property
    def source(self) -> Source:
        """Where it came from."""
        return make(Source, self._layers["source"])

    @cached_property
    def dateline(self) -> Dateline | None:
        """The place that it is dated from."""
        dateline = self._layers["dateline"]
        return dateline and make(Dateline, dateline)

    @cached_property
    def published(self) -> Published:
        """When it was published."""
        return make(Published, self._layers["published"])

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Its blocks, in order."""
        return self._layer("blocks", Block)

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """Its sentences, in order."""
        return tuple((start, end) for start, end in self._layers["sentences"])

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """Its words with lemmas, tags and trees."""
        whole = json.loads(self._engine.json(True, self._characters))
        return tuple(make(Token, token) for token in whole["tokens"])

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """Names, descriptions and pronouns, and whom they mean."""
        return self._layer("mentions", Mention)

    @cached_property
    def entities(self) -> tuple[Entity, ...]:
        """Whom and what it tells of."""
        return self._layer("entities", Entity)

    @cached_property
    def times(self) -> tuple[Time, ...]:
        """Expressions of time."""
        return self._layer("times", Time)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Places."""
        return self._layer("places", Place)

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """Numbers."""
        return self._layer("quantities", Quantity)

    @cached_property
    def quotes(self) -> tuple[Quote, ...]:
        """Who said what."""
        return self._layer("quotes", Quote)

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """Who holds, demands, offers, denies what."""
        return self._layer("claims", Claim)

    @cached_property
    def stances(self) -> tuple[Stance, ...]:
        """Who stands how toward whom."""
        return tuple(make(Stance, stance) for stance in self._layers.get("stances", ()))

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """What happened between whom."""
        return self._layer("events", Event)

    @cached_property
    def uncoded(self) -> tuple[Uncoded, ...]:
        """Sentences that tell of something and gave no event, and why."""
        return self._layer("uncoded", Uncoded)

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What was wrong with it, or is not known of it."""
        return self._layer("problems", Problem)

    @property
    def failures(self) -> list[str]:
        """Those problems for which the command line would end with status 2, a line each."""
        return self._engine.failures()

    def to_dict(self) -> dict[str, Any]:
        """The contract's JSON as a dict."""
        return json.loads(self.to_json())

    def to_json(self) -> str:
        """The contract's JSON: the line that `tellings read --output jsonl` writes."""
        return self._engine.json(True, self._characters)

    def __repr__(self) -> str:
        return f"<Reading {self.id!r}: {len(self.text)} characters, {len(self.events)} events>"


class Readings(Sequence[Reading]):
    """Readings in the order of their reports."""

    def __init__(self, readings: Sequence[Reading]) -> None:
        self._all = list(readings)

    def __len__(self) -> int:
        return len(self._all)

    @overload
    def __getitem__(self, at: int) -> Reading: ...
    @overload
    def __getitem__(self, at: slice) -> Readings: ...
    def __getitem__(self, at: int | slice) -> Reading | Readings:
        return Readings(self._all[at]) if isinstance(at, slice) else self._all[at]

    def __iter__(self) -> Iterator[Reading]:
        return iter(self._all)

    def table(self, layer: str = "events") -> _engine.Table:
        """A layer of all readings as one table (`reports`, `sentences`, `tokens`, `mentions`, `entities`, `times`, `places`,
        `quantities`, `quotes`, `claims`, `events`, `uncoded`, `problems`); `document` is the id of the reading. It is taken over without
        a copy by `pyarrow.table`, `polars.DataFrame`, DuckDB and others that know Arrow's PyCapsule interface.

        >>> import tellings
        >>> tellings.read(["Russia and Iran signed a gas accord."]).table("entities").column_names
        ['document', 'entity', 'name', 'kind', 'country', 'sectors', 'role']
        """
        characters = bool(self._all) and self._all[0]._characters
        return _engine.table([reading._engine for reading in self._all], layer, characters)

    def to_dicts(self) -> list[dict[str, Any]]:
        """The contract's JSON of each as a dict."""
        return [reading.to_dict() for reading in self._all]

    def __repr__(self) -> str:
        return f"<{len(self)} readings>"
