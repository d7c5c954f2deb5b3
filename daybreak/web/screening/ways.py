"""Which form of the record gives what is missing, where no small form on the board does?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from daybreak.clinical.answers import Answer, Evidence, Reason
from daybreak.clinical.records import Chart
from daybreak.knowledge.sentences import Language
from daybreak.web.patients.forms import form_of
from daybreak.web.screening.asks import asks, every_reason
from daybreak.web.screening.judging import Judged
from daybreak.web.words import word

DETAILS, RECORD = "details", "record"
# The form that adds what a reason misses; what is on record already and open is corrected instead.
ADDED = {
    "ask.alive": RECORD,
    "ask.allergy": "allergy",
    "ask.birth-date": DETAILS,
    "ask.clarify": "condition",
    "ask.depression": "condition",
    "ask.depression-kind": "condition",
    "ask.ketamine-response": "ketamine",
    "ask.medicine": "exposure",
    "ask.substance": "condition",
    "condition.nameless": "condition",
    "measure.expired": "observation",
    "measure.none": "observation",
    "measure.unreadable": "observation",
    "severity.score": "observation",
    "substance.unread": "observation",
}
TRIAL = "trial."
ALSO_ADDED = frozenset(
    {"ask.substance", "ask.depression-kind"}
)  # the answer may be a diagnosis that nobody has written
KINDS = {
    "allergy": "kind.allergy",
    "condition": "kind.condition",
    "exposure": "kind.exposure",
    "ketamine": "kind.ketamine",
    "observation": "kind.observation",
}
Way = tuple[str, str]  # where it leads, in which words


def ways(answer: Answer, judged: Judged, *, language: Language, hidden: Collection[str] = ()) -> list[Way]:
    """The links beside a question: to correct what leaves it open, or to add what is not there. Relative to the patient."""
    lang = language.language
    found: dict[Way, None] = {}
    reasons = list(every_reason(answer.missing))
    for reason in reasons:
        form = "exposure" if reason.id.startswith(TRIAL) else ADDED.get(reason.id)
        if form is None:
            continue
        known = [] if form in (DETAILS, RECORD) else _correct(_behind(reason, answer, judged), judged, lang, hidden)
        found |= dict.fromkeys(known)
        if form == DETAILS:
            found["details/", word("patients.correct_details", lang)] = None
        elif form == RECORD:  # only files tell of a death so far; who reads the record sees which one
            found["", word("screening.to_record", lang)] = None
        elif not known or reason.id in ALSO_ADDED:
            found[f"add/{form}/", word("patients.add_one", lang, kind=word(KINDS[form], lang))] = None
    if not found and not asks(answer):  # open for a reason that names nothing: what it rests on, else the whole record
        found |= dict.fromkeys(_correct(answer.evidence, judged, lang, hidden))
        found = found or {("", word("screening.to_record", lang)): None}
    return list(found)


def _behind(reason: Reason, answer: Answer, judged: Judged) -> Sequence[Evidence]:
    """The records that a reason is about: of a trial its own, else all that the answer rests on."""
    if not reason.id.startswith(TRIAL):
        return answer.evidence
    trials = (t for d in judged.decisions for t in d.trd.trials if t.reason == reason)
    return next((t.evidence for t in trials), ())


def _correct(evidence: Iterable[Evidence], judged: Judged, lang: str, hidden: Collection[str]) -> list[Way]:
    entries: Mapping[str, UUID] = judged.entries
    refs = correctable(judged.chart)
    return [
        (f"entries/{entries[e.resource]}/correct/", word("screening.correct", lang, what=e.text))
        for e in dict.fromkeys(evidence)
        if e.resource in entries and e.resource in refs and e.resource not in hidden
    ]


def correctable(chart: Chart) -> frozenset[str]:
    """What the record calls the entries that a form can correct."""
    rows = (
        *(chart.conditions + chart.exposures + chart.observations),
        *(chart.allergies + chart.ketamine + chart.therapies),
    )
    return frozenset(row.ref for row in rows if form_of(row) is not None)
