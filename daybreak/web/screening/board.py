"""What stands on the screening board? Everything in the words of one language, ready for the template."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from daybreak.clinical.answers import MET, UNKNOWN, Evidence, Reason, Term
from daybreak.clinical.records import When
from daybreak.clinical.screening.judge import (
    ELIGIBLE,
    NEEDS_INFORMATION,
    NOT_ELIGIBLE,
    REVIEW,
    Decision,
    Finding,
    as_known,
    decide,
)
from daybreak.clinical.screening.person import whole_years
from daybreak.clinical.screening.resistance import staged, trd
from daybreak.clinical.screening.risk import notes
from daybreak.clinical.screening.staged import Staged
from daybreak.exchange.beside import PAYER_STATUS
from daybreak.knowledge.prompts import prompts
from daybreak.knowledge.protocols import UNDATED, off_label, payer, payer_ids
from daybreak.knowledge.rules import default_rules, models
from daybreak.knowledge.sentences import Language
from daybreak.knowledge.store import loaded
from daybreak.web.screening.asks import REVIEW as REVIEW_ASK
from daybreak.web.screening.asks import doses, shown
from daybreak.web.screening.cards import cards, side_by_side, urgent
from daybreak.web.screening.exceptions import asks_for_one, screened
from daybreak.web.screening.judging import Judged
from daybreak.web.screening.story import story
from daybreak.web.words import word

VERDICT = {ELIGIBLE: "met", REVIEW: "caution", NOT_ELIGIBLE: "not-met", NEEDS_INFORMATION: "unknown"}
FEW = 12  # records that no rule could read, before "show the others"


def board(
    judged: Judged,
    *,
    language: Language,
    may_sign: bool,
    hidden: Collection[str] = (),
    told: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The board of one patient. `may_sign` shows the ways to an exception and to the signature.

    What rests on a record that is `hidden` from the reader keeps its verdict and loses its words. The form
    that could not be taken comes back with what it was `told`.
    """
    answer = judged.decisions[0].trd if judged.decisions else as_known(trd(judged.view, default_rules().id), ())
    rules = answer.rules.id
    chart = judged.chart
    groups = cards(judged, "screening", language=language, may_sign=may_sign, hidden=hidden, told=told)
    unconfirmed = _unconfirmed(judged)
    return {
        "facts": facts(judged, language),
        "urgent": urgent(judged.decisions, language),
        "story": story(judged.view, answer, language=language, hidden=hidden),
        "rules": f"{language.word(f'rules.{rules}')} · {language.word(f'doses.{answer.rules.dose_table.id}')}",
        "trd": language.word(f"trd.{answer.word}"),
        "assumed": [language.say(reason) for reason in answer.assumed],
        "staging": staging(staged(judged.view, models(), rules), language),
        "unconfirmed": [
            (judged.entries[ref], word("labels.reason_hidden", language.language) if ref in hidden else text)
            for ref, text in unconfirmed
        ],
        "doses": [
            shown(ask, language, told) for ask in doses(judged.view, answer, language, unconfirmed=judged.unconfirmed)
        ],
        "decisions": [answered(d, judged, language) for d in judged.decisions],
        "beside": side_by_side(judged, language),
        "groups": groups,
        "go_through": bool(unconfirmed)
        or any(a.about == REVIEW_ASK for _, found in groups for c in found for a in c.asks),
        "due": [card for _, found in _due(judged, language, hidden) for card in found],
        "prompts": _prompts(judged, language, hidden),
        "more_hidden": any(_rests_on(n.evidence, hidden) for n in notes(judged.view, prompts())),
        "payers": _payers(judged, language) if any(d.status != NOT_ELIGIBLE for d in judged.decisions) else [],
        "unmapped": chart.unmapped[:FEW],
        "unmapped_more": chart.unmapped[FEW:],
        "problems_of_record": [(one.place, language.say(one.reason)) for one in chart.problems[:FEW]],
        "problems_more": [(one.place, language.say(one.reason)) for one in chart.problems[FEW:]],
        "disclaimer": language.word("board.disclaimer"),
    }


def facts(judged: Judged, language: Language) -> str:
    """Sex, birth, age, and the day of the decision, in a line."""
    patient, day = judged.chart.patient, judged.as_of.day
    found = [language.word(f"sex.{patient.sex}")] if isinstance(patient.sex, str) else []
    if isinstance(patient.birth, When):
        age = whole_years(patient.birth.latest, day)
        found.append(f"{language.word('board.born')} {patient.birth} ({age} {language.word('board.age')})")
    return " · ".join([*found, f"{language.word('board.as_of')} {day}"])


def answered(d: Decision, judged: Judged, language: Language) -> dict[str, Any]:
    """One protocol's decision, and who adopted the protocol."""
    protocol = d.protocol
    return {
        "short": language.word(f"short.{protocol.id}"),
        "id": protocol.id,
        "title": language.word(f"protocol.{protocol.id}"),
        "verdict": VERDICT[d.status],
        "status": language.word(f"status.{d.status}"),
        "version": language.word("board.undated") if protocol.version == UNDATED else protocol.version,
        "off_label": protocol.id in off_label(),
        "not_yet": d.not_yet,
        "adopted": judged.adopted[protocol.id],
        "outdated": judged.outdated.get(protocol.id),
        "unfit": judged.here[protocol.id].unfit,
        "stricter": len(judged.here[protocol.id].stricter),
        "open": [language.word(f"criterion.{f.criterion.name}") for f in judged.open(d)],
        "unanswered": sum(f.answer.verdict is UNKNOWN for f in screened(d)),
        "to_confirm": len(judged.resting_on_unconfirmed(d)),
        "weighed": [
            language.say(reason)
            for reason in (*(f.answer.reason for f in screened(d) if _is_caution(f)), *d.trd.assumed)
        ],
    }


def _unconfirmed(judged: Judged) -> list[tuple[str, str]]:
    """The trials for which nobody here answers yet: reference and name."""
    return [(e.ref, e.text or e.ref) for e in judged.view.exposures if e.ref in judged.unconfirmed]


def _is_caution(f: Finding) -> bool:
    """Not an obstacle by itself: the signer weighs it."""
    return f.answer.verdict is not MET and not asks_for_one(f)


def staging(found: Staged, language: Language) -> str:
    """The stages in a sentence or two; a range where the record leaves parts open."""
    msm = found.msm
    if msm.total is not None and msm.parts is not None and msm.stage is not None:
        values = {"total": msm.total, "stage": Term(f"stage.{msm.stage}"), "parts": " + ".join(map(str, msm.parts))}
        said = language.say(Reason("staging.msm", values))
    elif msm.low is not None:
        said = language.say(Reason("staging.msm-range", {"low": msm.low, "high": msm.high}))
    else:
        said = language.say(Reason("staging.msm-none"))
    others = Reason("staging.others", {"mgh": str(float(found.mgh_s)), "kim": found.kim.failures})
    return f"{said} {language.say(others)}"


def _due(judged: Judged, language: Language, hidden: Collection[str]) -> Sequence[tuple[str, list[Any]]]:
    return cards(judged, "before_each_dose", language=language, may_sign=False, hidden=hidden)


def _rests_on(evidence: Iterable[Evidence], hidden: Collection[str]) -> bool:
    return any(one.resource in hidden for one in evidence)


def _prompts(judged: Judged, language: Language, hidden: Collection[str]) -> list[dict[str, Any]]:
    """Look-alikes, risk factors and other uses: information, with sources, that decides nothing."""
    entries = {p["id"]: p for p in loaded("prompts")["prompts"]["prompts"]}
    lang = language.language
    return [
        {
            "title": entries[n.prompt.id]["title"][lang],
            "ask": entries[n.prompt.id]["ask"][lang],
            "found": ", ".join(dict.fromkeys(e.text for e in n.evidence)),
            "figures": [f"{e['figure'][lang]} [{e['source']['id']}]" for e in entries[n.prompt.id]["estimates"]],
            "on_record": n.on_record,
        }
        for n in notes(judged.view, prompts())
        if (n.on_record or n.prompt.kind == "look_alike") and not _rests_on(n.evidence, hidden)
    ]


def _payers(judged: Judged, language: Language) -> list[dict[str, Any]]:
    files = {p["id"]: p for p in loaded("payers").values()}
    lang = language.language
    found = []
    for id_ in payer_ids():
        decision = decide(judged.view, payer(id_, as_of=judged.as_of.day))
        found.append(
            {
                "title": files[id_]["title"][lang],
                "status": language.word(f"payer.{PAYER_STATUS[decision.status]}"),
                "open": [
                    language.word(f"criterion.{f.criterion.name}")
                    for f in decision.findings
                    if f.answer.verdict is not MET
                ],
                "not_computed": [n[lang] for n in files[id_]["not_computed"]],
            }
        )
    return found
