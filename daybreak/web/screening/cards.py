"""What does each question say on the board: once, whoever asks it, with evidence, source and what would change it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from daybreak.clinical.answers import MET, UNKNOWN, Reason, Verdict
from daybreak.clinical.screening.judge import HARD, Decision, Finding
from daybreak.knowledge.sentences import Language
from daybreak.web.screening.asks import asks, shown
from daybreak.web.screening.exceptions import NOBODY, asks_for_one
from daybreak.web.screening.judging import Judged

SHOWN = 4  # so many records of a finding before "and more"
NOT_REVIEWED = "absent.not-reviewed"  # said once for each review that is missing, not once for each question
ASKS, STOPS, WEIGHS, CLEAR = "unknown", "not-met", "caution", "met"


@dataclass(slots=True)
class Card:
    """One question with its answer, ready to be shown. `by` are the protocols that ask it, each with what it means there."""

    kind: str
    title: str
    sentence: str
    evidence: list[tuple[str, str, str]]
    more: int
    missing: list[str]
    change: str
    sources: list[str]
    by: list[dict[str, Any]]
    asks: list[dict[str, Any]]
    waiting: list[str] = field(default_factory=list)


def cards(judged: Judged, when: str, *, language: Language, may_sign: bool) -> list[tuple[str, list[Card]]]:
    """The cards by group: needs information, stands in the way, to be weighed, no obstacle. Empty groups are left out."""
    groups: dict[str, list[Card]] = {kind: [] for kind in (ASKS, STOPS, WEIGHS, CLEAR)}
    reviews: dict[tuple[str, str], Card] = {}
    for asked in gathered(judged.decisions, when):
        finding = asked[0][2]
        kind = _kind(finding.answer.verdict, any(f.criterion.strength in HARD for _, _, f in asked))
        card = _card(kind, asked, judged, language=language, may_sign=may_sign)
        if finding.answer.reason.id == NOT_REVIEWED:
            key = (kind, language.say(finding.answer.reason.values["why"]))
            if key in reviews:
                reviews[key].waiting.append(card.title)
                reviews[key].by = _joined(reviews[key].by, card.by)
                reviews[key].sources = list(dict.fromkeys([*reviews[key].sources, *card.sources]))
                continue
            card.waiting, card.title, card.sentence = [card.title], key[1][:1].upper() + key[1][1:], ""
            reviews[key] = card
        groups[kind].append(card)
    return [(kind, found) for kind, found in groups.items() if found]


def gathered(decisions: Sequence[Decision], when: str) -> list[list[tuple[int, Decision, Finding]]]:
    """The same question with the same answer once, with the number of each protocol that asks it."""
    found: dict[tuple[str, ...], list[tuple[int, Decision, Finding]]] = {}
    for number, decision in enumerate(decisions, 1):
        for f in decision.findings:
            if f.criterion.when == when:
                key = (f.criterion.name, f.answer.verdict, f.answer.reason.id, str(f.answer.reason.values))
                found.setdefault(key, []).append((number, decision, f))
    return list(found.values())


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
    answer = asked[0][2].answer
    name = asked[0][2].criterion.name
    said = language.say(answer.reason)
    missing = list(dict.fromkeys(language.say(m) for m in answer.missing))
    return Card(
        kind=kind,
        title=language.word(f"criterion.{name}"),
        sentence=said,
        evidence=[(e.text, e.date or "", e.resource) for e in answer.evidence[:SHOWN]],
        more=max(0, len(answer.evidence) - SHOWN),
        missing=[m for m in missing if m.rstrip(".。").lower() not in said.lower()],
        change=language.word(f"change.{name}"),
        sources=_sources(asked, language),
        by=[_weight(n, d, f, judged, language, may_sign) for n, d, f in asked],
        asks=[shown(ask, language) for ask in asks(answer)] if answer.verdict is not MET else [],
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


def _weight(
    number: int, decision: Decision, f: Finding, judged: Judged, language: Language, may_sign: bool
) -> dict[str, Any]:
    """What the question means in one protocol, and the exception from it."""
    criterion = f.criterion
    exception = judged.exception(decision.protocol.id, criterion.name) if criterion.when == "screening" else None
    may = may_sign and asks_for_one(f) and criterion.override != NOBODY and criterion.when == "screening"
    return {
        "number": number,
        "protocol": decision.protocol.id,
        "criterion": criterion.name,
        "strength": language.word(f"strength.{criterion.strength}"),
        "override": language.word(f"override.{criterion.override}"),
        "exception": exception,
        "may_except": may and (exception is None or exception.state == "void"),
    }


def _joined(one: list[dict[str, Any]], other: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The protocols of cards that wait for the same review; each has its own exceptions, so all of them stay."""
    known = {(x["protocol"], x["criterion"]) for x in one}
    return [*one, *(x for x in other if (x["protocol"], x["criterion"]) not in known)]


def urgent(decisions: Sequence[Decision], language: Language) -> list[str]:
    """What comes before any decision about treatment."""
    found: Mapping[str, None] = {
        language.say(f.answer.reason): None for d in decisions for f in d.findings if _is_urgent(f.answer.reason)
    }
    return list(found)


def _is_urgent(reason: Reason) -> bool:
    return reason.id in ("suicide.urgent", "suicide.recorded", "suicide.item-positive")
