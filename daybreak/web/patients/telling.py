"""How is an entry told on a page: its headline, what it says, where it comes from?"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from uuid import UUID

from daybreak.clinical import records as clinical
from daybreak.clinical.answers import UNREADABLE
from daybreak.knowledge.sentences import language as spoken
from daybreak.web import zones
from daybreak.web.patients import forms, records
from daybreak.web.patients.kinds import LABELLED, Kind, Record, when
from daybreak.web.patients.models import IMPORT, PATIENT, PERSON, Entry
from daybreak.web.words import known, word

KINDS = {
    Kind.PERSON: "kind.person",
    Kind.CONDITION: "kind.condition",
    Kind.EXPOSURE: "kind.exposure",
    Kind.OBSERVATION: "kind.observation",
    Kind.ALLERGY: "kind.allergy",
    Kind.KETAMINE: "kind.ketamine",
    Kind.THERAPY: "kind.therapy",
    Kind.EPISODE: "kind.episode",
    Kind.COVERAGE: "kind.coverage",
    Kind.ENCOUNTER: "kind.encounter",
    Kind.UNMAPPED: "kind.unmapped",
    Kind.PROBLEM: "kind.problem",
}
DOMAINS = {
    "conditions": "domain.conditions",
    "medicines": "domain.medicines",
    "antidepressant_trials": "domain.antidepressant_trials",
    "allergies": "domain.allergies",
    "substance_use": "domain.substance_use",
    "psychiatric_history": "domain.psychiatric_history",
    "earlier_ketamine": "domain.earlier_ketamine",
    "reproductive": "domain.reproductive",
}
assert DOMAINS.keys() == set(clinical.DOMAINS)


@dataclass(frozen=True, slots=True)
class Told:
    """One entry for a page. `origin` is the sentence that says where it comes from."""

    id: str
    kind: str
    day: str
    headline: str
    said: list[tuple[str, str]]
    origin: str
    imported: bool
    corrected: bool
    correctable: bool
    withdrawn: str  # the sentence about it; empty when it counts
    closed: bool = False  # the reader may not read it
    labelled: bool = False  # it may bear a label
    odd: str = ""  # why it is doubted


def told(
    entry: Entry, language: str, *, hidden: Container[UUID] = (), odd: Mapping[UUID, str] = MappingProxyType({})
) -> Told:
    """Everything a page shows of one version of an entry; of one that the reader may not read, that there is something."""
    if entry.id in hidden:
        return Told(
            id=str(entry.id),
            kind="",
            day="",
            headline=word("labels.hidden", language),
            said=[],
            origin="",
            imported=False,
            corrected=False,
            correctable=False,
            withdrawn="",
            closed=True,
        )
    record = records.record(entry)
    return Told(
        id=str(entry.id),
        kind=word(KINDS[Kind(entry.kind)], language),
        day=day(record),
        headline=headline(record, language),
        said=said(record, language),
        origin=origin(entry, language),
        imported=entry.origin != PERSON,
        corrected=entry.replaces_id is not None,
        correctable=forms.form_of(record) is not None,
        withdrawn=_withdrawn(entry, language),
        labelled=Kind(entry.kind) in LABELLED,
        odd=odd.get(entry.id, ""),
    )


def day(record: Record) -> str:
    """The day that the record tells of, as exactly as it is known; empty when it tells none."""
    span = when(record)
    return str(span) if isinstance(span, clinical.When) else ""


def headline(record: Record, language: str) -> str:
    """One line: the words of the source, or our title of what it is."""
    match record:
        case clinical.Patient():
            parts = [str(one) for one in (record.birth, record.sex) if one is not None and one is not UNREADABLE]
            died = word("patients.died", language) if record.deceased not in (None, False) else ""
            return ", ".join([*parts, died] if died else parts) or record.id
        case clinical.Observation():
            title = forms.titles("kinds", known(language)).get(record.kind) or word("field.weight", language)
            return f"{title}: {shown(record.value, language)}"
        case clinical.Coverage():
            domain = word(DOMAINS[record.domain], language)
            return word("patients.reviewed_by", language, domain=domain, name=record.by or "?", on=record.reviewed_on)
        case clinical.Episode():
            return word(KINDS[Kind.EPISODE], language)
        case clinical.Unmapped():
            return f"{record.text} {record.code}".strip()
        case clinical.Problem():
            return spoken(known(language)).say(record.reason)
    return record.text


def said(record: Record, language: str) -> list[tuple[str, str]]:
    """What the headline leaves out; that of an observation says it all."""
    return [] if isinstance(record, clinical.Observation) else forms.said(record, language)


def line(record: Record, language: str) -> str:
    """The whole record in one line."""
    rest = "; ".join(f"{label}: {value}" for label, value in said(record, language))
    return f"{headline(record, language)} ({rest})" if rest else headline(record, language)


def shown(value: object, language: str) -> str:
    """A value; one that cannot be known says so."""
    if value is None:
        return word("patients.not_recorded", language)
    return word("choice.unknowable", language) if value is UNREADABLE else forms.reply(str(value), language)


def origin(entry: Entry, language: str) -> str:
    """Who recorded it when, and from which file or from whose mouth it came."""
    at = minute(entry.created)
    if entry.by is None:
        return word("origin.patient", language, at=at)
    name = entry.by.display_name
    if entry.origin == PATIENT:
        return word("origin.patient_by", language, name=name, at=at)
    if entry.document is None:
        return word("origin.person", language, name=name, at=at)
    sentence = "origin.import" if entry.origin == IMPORT else "origin.confirmed"
    return word(sentence, language, name=name, at=at, source=entry.document.source, reference=entry.reference)


def minute(moment: datetime) -> str:
    return zones.minute(moment)


def _withdrawn(entry: Entry, language: str) -> str:
    if not hasattr(entry, "withdrawal"):
        return ""
    gone = entry.withdrawal
    return word("patients.withdrawn", language, name=gone.by.display_name, at=minute(gone.created), reason=gone.reason)


def age(birth: str, today: date) -> str:
    """Completed years, where the birth date is known to the day; else nothing: half a year is not guessed."""
    if len(birth) != len("2000-01-01"):
        return ""
    born = date.fromisoformat(birth)
    return str(today.year - born.year - ((today.month, today.day) < (born.month, born.day)))
