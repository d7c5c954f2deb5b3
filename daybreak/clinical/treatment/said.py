"""What does one sentence about a session say? Entries for a person to confirm, and what was not understood, never guessed.

A clause is understood whole or not at all: every word of it is known, every figure has its unit, and together they make one
entry. Nothing here is written down.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

_PAIR = re.compile(r"(\d{1,3})/(\d{1,3})(?![\d/.])", re.ASCII)
_NUMBER = re.compile(r"\d{1,6}(?:\.\d{1,4})?(?![\d/]\d|\d|\.\d)", re.ASCII)
_DIGITS = re.compile(r"[\d./]*\d", re.ASCII)


class Meaning(StrEnum):
    """What a word, or a figure, is."""

    JOINT = "joint"  # between two clauses
    FILLER = "filler"
    GAVE = "gave"
    UNIT = "unit"
    ROUTE = "route"
    WASTE = "waste"
    NO_WASTE = "no_waste"
    SAME_VIAL = "same_vial"
    ROW = "row"
    LEVEL = "level"
    RESCUE = "rescue"
    EVENT = "event"
    NUMBER = "number"
    PAIR = "pair"
    QUANTITY = "quantity"  # a figure with its unit
    PRESSURE = "pressure"  # two of them
    OTHER = "other"  # a word that stands in no list


class What(StrEnum):
    """Which entry a clause makes."""

    DOSE = "dose"
    WASTE = "waste"
    NO_WASTE = "no_waste"
    SAME_VIAL = "same_vial"
    CHECK = "check"
    RESCUE = "rescue"
    EVENT = "event"


class Why(StrEnum):
    """Why a clause was not understood."""

    WORDS = "words"
    NO_UNIT = "no_unit"
    UNIT = "unit"
    NO_SENSE = "no_sense"
    TWICE = "twice"


@dataclass(frozen=True, slots=True)
class Word:
    """A phrase of the vocabulary; `id`: of what it names."""

    meaning: Meaning
    id: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the chart: its unit, its parts (of a figure), its levels."""

    unit: str
    parts: tuple[str, ...]
    levels: frozenset[str]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """By phrase what it means (in small letters), the rows, and the levels that words are for."""

    words: Mapping[str, Word]
    rows: Mapping[str, Row]
    levels: frozenset[str]


@dataclass(frozen=True, slots=True)
class Entry:
    """What a clause says, as text: `mg`, `route`, `row`, `value` or its parts, `kind`, `drug`, `text`."""

    what: What
    clause: str
    told: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Left:
    """A clause that was not understood."""

    clause: str
    why: Why


@dataclass(frozen=True, slots=True)
class Said:
    """The whole sentence: what was understood, and what was not."""

    entries: tuple[Entry, ...]
    left: tuple[Left, ...]


@dataclass(frozen=True, slots=True)
class _Token:
    meaning: Meaning
    id: str
    text: str
    begin: int
    end: int


def read(sentence: str, words: Vocabulary) -> Said:
    """Each clause, in order. The same thing told twice is taken neither time."""
    found = [_clause(part, sentence, words) for part in _clauses(sentence, words)]
    entries = [one for one in found if isinstance(one, Entry)]
    count = Counter(_about(one) for one in entries)
    twice = [one for one in entries if one.what is not What.EVENT and count[_about(one)] > 1]
    left = [one for one in found if isinstance(one, Left)]
    return Said(
        tuple(one for one in entries if one not in twice),
        (*left, *(Left(one.clause, Why.TWICE) for one in twice)),
    )


def _about(one: Entry) -> tuple[str, str]:
    """What can be told once in a sentence. That there is no waste, and how much there is, is one thing."""
    what = What.WASTE if one.what is What.NO_WASTE else one.what
    return what, one.told.get("row") or one.told.get("drug") or ""


def _clauses(sentence: str, words: Vocabulary) -> Iterator[list[_Token]]:
    part: list[_Token] = []
    for one in _tokens(sentence, words):
        if one.meaning is not Meaning.JOINT:
            part.append(one)
        elif part:
            yield part
            part = []
    if part:
        yield part


def _tokens(sentence: str, words: Vocabulary) -> Iterator[_Token]:
    place, small = 0, "".join(one.lower() if len(one.lower()) == 1 else one for one in sentence)
    while place < len(small):
        if small[place].isspace():
            place += 1
            continue
        token = _figure(small, place) or _phrase(small, place, words) or _other(small, place, words)
        yield token
        place = token.end


def _figure(text: str, place: int) -> _Token | None:
    """Two figures with a stroke, one figure, or digits that are neither."""
    if pair := _PAIR.match(text, place):
        return _Token(Meaning.PAIR, "", pair[0], place, pair.end())
    if number := _NUMBER.match(text, place):
        return _Token(Meaning.NUMBER, "", number[0], place, number.end())
    digits = _DIGITS.match(text, place)
    return _Token(Meaning.OTHER, "", digits[0], place, digits.end()) if digits else None


def _phrase(text: str, place: int, words: Vocabulary) -> _Token | None:
    """The longest phrase that begins here and ends where a word does."""
    found = [one for one in words.words if text.startswith(one, place) and _whole(text, place, place + len(one))]
    if not found:
        return None
    longest = max(found, key=len)
    word = words.words[longest]
    return _Token(word.meaning, word.id, longest, place, place + len(longest))


def _whole(text: str, begin: int, end: int) -> bool:
    """Latin letters on both sides of the end are one word, and so are those on both sides of the beginning."""
    return not (_latin(text, end - 1) and _latin(text, end)) and not (_latin(text, begin - 1) and _latin(text, begin))


def _latin(text: str, place: int) -> bool:
    return 0 <= place < len(text) and text[place].isascii() and text[place].isalpha()


def _other(text: str, place: int, words: Vocabulary) -> _Token:
    """Until a blank, a digit, or something that is known."""
    end = place + 1
    while end < len(text) and not text[end].isspace() and not text[end].isdigit() and not _phrase(text, end, words):
        end += 1
    return _Token(Meaning.OTHER, "", text[place:end], place, end)


def _clause(part: Sequence[_Token], sentence: str, words: Vocabulary) -> Entry | Left:
    clause = sentence[part[0].begin : part[-1].end]
    tokens = list(_measured([one for one in part if one.meaning is not Meaning.FILLER]))
    kinds = Counter(one.meaning for one in tokens)
    by = {one.meaning: one for one in tokens}
    if kinds[Meaning.OTHER] > (1 if Meaning.RESCUE in by else 0):
        return Left(clause, Why.WORDS)
    if max(kinds.values(), default=2) > 1:
        return Left(clause, Why.NO_SENSE)
    made = _entry(clause, by, words)
    return made if isinstance(made, Entry) else Left(clause, made)


def _measured(tokens: Sequence[_Token]) -> Iterator[_Token]:
    """A figure and the unit behind it are one."""
    waiting: _Token | None = None
    for one in tokens:
        if one.meaning is Meaning.UNIT and waiting is not None:
            meaning = Meaning.PRESSURE if waiting.meaning is Meaning.PAIR else Meaning.QUANTITY
            yield _Token(meaning, one.id, waiting.text, waiting.begin, one.end)
            waiting = None
            continue
        if waiting is not None:
            yield waiting
        waiting = one if one.meaning in (Meaning.NUMBER, Meaning.PAIR) else None
        if waiting is None:
            yield one
    if waiting is not None:
        yield waiting


_MG, _ML = "mg", "ml"
_ALONE = {Meaning.NO_WASTE: What.NO_WASTE, Meaning.SAME_VIAL: What.SAME_VIAL, Meaning.EVENT: What.EVENT}


def _entry(clause: str, by: Mapping[Meaning, _Token], words: Vocabulary) -> Entry | Why:
    """What these words make together; any other set of them makes nothing."""
    kinds = frozenset(by)
    if len(kinds) == 1 and (alone := _ALONE.get(next(iter(kinds)))):
        return Entry(alone, clause, {"text": clause})
    if Meaning.RESCUE in kinds:
        return _rescue(clause, kinds, by)
    if Meaning.ROW in kinds:
        return _row(clause, kinds, by, words)
    if Meaning.GAVE in kinds and kinds <= {Meaning.GAVE, Meaning.QUANTITY, Meaning.ROUTE, Meaning.NUMBER}:
        return _dose(clause, by)
    if kinds in ({Meaning.WASTE, Meaning.QUANTITY}, {Meaning.WASTE, Meaning.NUMBER}):
        amount = by.get(Meaning.QUANTITY)
        return (
            _of(Entry(What.WASTE, clause, {amount.id: amount.text}), amount.id, (_MG, _ML)) if amount else Why.NO_UNIT
        )
    return Why.NO_UNIT if kinds & {Meaning.NUMBER, Meaning.PAIR} else Why.NO_SENSE


def _of(made: Entry, unit: str, units: Sequence[str]) -> Entry | Why:
    return made if unit in units else Why.UNIT


def _dose(clause: str, by: Mapping[Meaning, _Token]) -> Entry | Why:
    amount, route = by.get(Meaning.QUANTITY), by.get(Meaning.ROUTE)
    if amount is None:
        return Why.NO_UNIT if Meaning.NUMBER in by else Why.NO_SENSE
    if Meaning.NUMBER in by:
        return Why.NO_UNIT
    return _of(Entry(What.DOSE, clause, {"mg": amount.text, "route": route.id if route else ""}), amount.id, (_MG,))


def _rescue(clause: str, kinds: frozenset[Meaning], by: Mapping[Meaning, _Token]) -> Entry | Why:
    """A kind, the name of the medicine and how much; a way beside it."""
    needed = {Meaning.RESCUE, Meaning.OTHER, Meaning.QUANTITY}
    if not needed <= kinds:
        return Why.NO_UNIT if Meaning.NUMBER in kinds else Why.NO_SENSE
    if not kinds <= needed | {Meaning.ROUTE, Meaning.GAVE}:
        return Why.NO_SENSE
    route = by[Meaning.ROUTE].id if Meaning.ROUTE in by else ""
    told = {
        "kind": by[Meaning.RESCUE].id,
        "drug": by[Meaning.OTHER].text,
        "mg": by[Meaning.QUANTITY].text,
        "route": route,
    }
    return _of(Entry(What.RESCUE, clause, told), by[Meaning.QUANTITY].id, (_MG,))


def _row(clause: str, kinds: frozenset[Meaning], by: Mapping[Meaning, _Token], words: Vocabulary) -> Entry | Why:
    id = by[Meaning.ROW].id
    row = words.rows[id]
    rest = kinds - {Meaning.ROW}
    if rest == {Meaning.LEVEL} and row.levels == words.levels:
        return Entry(What.CHECK, clause, {"row": id, "level": by[Meaning.LEVEL].id})
    if rest == {Meaning.NUMBER} and by[Meaning.NUMBER].text in row.levels:
        return Entry(What.CHECK, clause, {"row": id, "level": by[Meaning.NUMBER].text})
    if rest == {Meaning.PRESSURE} and len(row.parts) > 1:
        figures = by[Meaning.PRESSURE].text.split("/")
        made = Entry(What.CHECK, clause, {"row": id, **dict(zip(row.parts, figures, strict=True))})
        return _of(made, by[Meaning.PRESSURE].id, (row.unit,))
    if rest == {Meaning.QUANTITY} and len(row.parts) == 1:
        made = Entry(What.CHECK, clause, {"row": id, "value": by[Meaning.QUANTITY].text})
        return _of(made, by[Meaning.QUANTITY].id, (row.unit,))
    return Why.NO_UNIT if rest & {Meaning.NUMBER, Meaning.PAIR} and not row.levels else Why.NO_SENSE
