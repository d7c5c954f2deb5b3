"""What does each question say on the board: once, whoever asks it, with evidence, source and what would change it?"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from daybreak.clinical.answers import MET, UNKNOWN, Verdict
from daybreak.clinical.screening.judge import HARD, SCREENING, Decision, Finding, gathered
from daybreak.clinical.screening.measures import URGENT
from daybreak.knowledge.sentences import Language
from daybreak.web import zones
from daybreak.web.screening.asks import Ask, asks, shown, still_open
from daybreak.web.screening.exceptions import NOBODY, VOID, Standing, asks_for_one
from daybreak.web.screening.judging import Judged
from daybreak.web.screening.ways import Way, ways
from daybreak.web.words import word

SHOWN = 4  # so many records of a finding before "and more"
NOT_REVIEWED = "absent.not-reviewed"  # said once for each review that is missing, not once for each question
ASKS, STOPS, WEIGHS, CLEAR = "unknown", "not-met", "caution", "met"


@dataclass(slots=True)
class Weight:
    """The protocols (by short name) in which one question weighs the same, and the exceptions from it there."""

    title: str
    strength: str
    override: str
    names: list[str]
    exceptions: list[tuple[str, Standing]] = field(default_factory=list)
    possible: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Card:
    """One question with its answer, ready to be shown. `weights` are what it means in the protocols that ask it."""

    kind: str
    title: str
    sentence: str
    evidence: list[tuple[str, str, UUID | None, str]]  # text, day, entry, and its origin if not a person here
    more: int
    missing: list[str]
    change: str
    sources: list[str]
    weights: list[Weight]
    asks: list[Ask]
    stricter: list[str] = field(default_factory=list)
    forms: list[dict[str, Any]] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    first: bool = False
    ways: list[Way] = field(default_factory=list)


def cards(
    judged: Judged,
    when: str,
    *,
    language: Language,
    may_sign: bool,
    hidden: Collection[str] = (),
    told: Mapping[str, str] | None = None,
) -> list[tuple[str, list[Card]]]:
    """The cards by group: needs information, stands in the way, to be weighed, no obstacle. Empty groups are left out."""
    groups: dict[str, list[Card]] = {kind: [] for kind in (ASKS, STOPS, WEIGHS, CLEAR)}
    reviews: dict[tuple[str, str], Card] = {}
    for asked in gathered(judged.decisions, when):
        finding = asked[0][2]
        answer = still_open(finding.answer, judged.view)
        kind = _kind(answer.verdict, any(f.criterion.strength in HARD for _, _, f in asked))
        card = _card(kind, asked, judged, language=language, may_sign=may_sign)
        if answer.verdict is not MET:
            card.ways = ways(answer, judged, language=language, hidden=hidden)
        if any(e.resource in hidden for _, _, f in asked for e in f.answer.evidence):
            card.sentence, card.evidence, card.more = word("labels.reason_hidden", language.language), [], 0
            card.missing = []
        if answer.reason.id == NOT_REVIEWED:
            key = (kind, language.say(answer.reason.values["why"]))
            if key in reviews:
                reviews[key].waiting.append(card.title)
                reviews[key].weights += card.weights
                reviews[key].stricter += card.stricter
                reviews[key].sources = list(dict.fromkeys([*reviews[key].sources, *card.sources]))
                continue
            card.waiting, card.title, card.sentence = [card.title], key[1][:1].upper() + key[1][1:], ""
            reviews[key] = card
        groups[kind].append(card)
    asked_for: set[Ask] = set()
    for found in groups.values():
        found.sort(key=lambda card: not card.first)
        for card in found:  # one form for each question, at the first card that asks it
            card.forms = [shown(ask, language, told) for ask in card.asks if ask not in asked_for]
            asked_for |= set(card.asks)
    return [(kind, found) for kind, found in groups.items() if found]


def _kind(verdict: Verdict, hard: bool) -> str:
    if verdict is MET:
        return CLEAR
    if not hard:
        return WEIGHS
    return ASKS if verdict is UNKNOWN else STOPS


def _card(
    kind: str,
    asked: Sequence[tuple[int, Decision, Finding]],
    judged: Judged,
    *,
    language: Language,
    may_sign: bool,
) -> Card:
    answer = still_open(asked[0][2].answer, judged.view)
    name = asked[0][2].criterion.name
    said = language.say(answer.reason)
    missing = list(dict.fromkeys(language.say(m) for m in answer.missing))
    return Card(
        kind=kind,
        title=language.word(f"criterion.{name}"),
        sentence=said,
        evidence=[
            (e.text, e.date or "", judged.entries.get(e.resource), judged.origins.get(e.resource, ""))
            for e in answer.evidence[:SHOWN]
        ],
        more=max(0, len(answer.evidence) - SHOWN),
        missing=[m for m in missing if m.rstrip(".。").lower() not in said.lower()],
        change=language.word(f"change.{name}"),
        sources=_sources(asked, language),
        weights=_weights(asked, judged, language, may_sign),
        stricter=_stricter(asked, judged, language),
        asks=asks(answer) if answer.verdict is not MET else [],
        first=answer.reason.id.startswith("suicid"),
    )


def _sources(asked: Sequence[tuple[int, Decision, Finding]], language: Language) -> list[str]:
    """Each source once: its id, the place in it, its standing; those of numbers and periods too. The protocol's page has
    the titles."""
    found: dict[str, None] = {}
    for _, _, f in asked:
        c = f.criterion
        for id_, where, standing in ((c.source_id, c.source_where, c.standing), *c.other_sources):
            found[f"{id_} {where} ({language.word(f'standing.{standing}')})"] = None
    return list(found)


def _stricter(asked: Sequence[tuple[int, Decision, Finding]], judged: Judged, language: Language) -> list[str]:
    """Where the site asks for more than the protocol: since when, by whom, because of what."""
    return [
        word(
            "screening.stricter_here",
            language.language,
            protocol=language.word(f"short.{decision.protocol.id}"),
            on=zones.day(row.created, judged.zone),
            name=row.by.display_name,
            reason=row.reason,
        )
        for _, decision, f in asked
        if (row := judged.stricter(decision.protocol.id, f))
    ]


def _weights(
    asked: Sequence[tuple[int, Decision, Finding]], judged: Judged, language: Language, may_sign: bool
) -> list[Weight]:
    """What the question means in each protocol, protocols that agree in one line."""
    found: dict[tuple[str, str], Weight] = {}
    for _, decision, f in asked:
        c, protocol = f.criterion, decision.protocol.id
        name = language.word(f"short.{protocol}")
        key = (c.strength, c.override)
        if key not in found:
            words = [language.word(f"{kind}.{word}") for kind, word in zip(("strength", "override"), key, strict=True)]
            found[key] = Weight(language.word(f"criterion.{c.name}"), *words, [])
        found[key].names.append(name)
        if c.when != SCREENING:
            continue
        exception = judged.exception(protocol, c.name)
        if exception:
            found[key].exceptions.append((name, exception))
        if may_sign and asks_for_one(f) and c.override != NOBODY and (exception is None or exception.state == VOID):
            found[key].possible.append((name, protocol, c.name))
    for weight in found.values():
        if len(weight.names) == len(judged.decisions) > 1:
            weight.names = [word("screening.all_protocols", language.language)]
    return list(found.values())


def side_by_side(judged: Judged, language: Language) -> dict[str, Any]:
    """What each question comes to under each protocol, where it is not clear under all; None where it is not asked."""
    asked = [
        {f.criterion.name: kind(f, judged) for f in d.findings if f.criterion.when == SCREENING}
        for d in judged.decisions
    ]
    names = dict.fromkeys(name for one in asked for name, found in one.items() if found != CLEAR)
    return {
        "columns": [language.word(f"short.{d.protocol.id}") for d in judged.decisions],
        "rows": [(language.word(f"criterion.{name}"), [one.get(name) for one in asked]) for name in names],
        "clear": [sum(name not in names for name in one) for one in asked],
    }


def kind(f: Finding, judged: Judged) -> str:
    """The group in which a finding stands under its own protocol."""
    return _kind(still_open(f.answer, judged.view).verdict, f.criterion.strength in HARD)


def urgent(decisions: Sequence[Decision], language: Language) -> list[str]:
    """What comes before any decision about treatment."""
    found: Mapping[str, None] = {
        language.say(f.answer.reason): None for d in decisions for f in d.findings if f.answer.reason.id in URGENT
    }
    return list(found)
