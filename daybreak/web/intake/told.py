"""What of the answers stands in the record, and as which entries? What is free text about several things stays in the form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from daybreak.clinical.answers import UNREADABLE
from daybreak.clinical.records import Observation, on
from daybreak.knowledge.store import loaded
from daybreak.knowledge.terms import terms
from daybreak.web import zones
from daybreak.web.forms.form import NOT_KNOWN, NOT_SAID
from daybreak.web.forms.models import Sitting
from daybreak.web.intake import again, medicines
from daybreak.web.locks import locked
from daybreak.web.patients import access, forms
from daybreak.web.patients import actions as patients
from daybreak.web.patients.identity import Wrong
from daybreak.web.patients.kinds import ORDINARY, SUBSTANCE_USE, Record
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission
from daybreak.web.people.roles import Role
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks import due
from daybreak.web.tasks.models import Kind, Level

SAID = {"yes": "active", "no": "ended"}
UNSAID = ("none", "no", NOT_SAID)


def told(sitting: Sitting, answers: Mapping[str, str], *, by: Person | None, at: datetime) -> None:
    """Write them, in the transaction in which the form ends. Of an earlier intake they replace what nobody confirmed."""
    patient = locked(Patient, pk=sitting.patient_id)
    today = zones.day_at(sitting.site_id, at)
    about = {"site_id": sitting.site_id, "by": by, "at": at}
    _ask_for_access(sitting, patient, answers.get(access.QUESTION, ""), by=by, at=at)
    for label, records in ((ORDINARY, _ordinary(answers, today, at)), (SUBSTANCE_USE, _substances(answers, today))):
        said = again.news(patient, records)
        if said:
            replaces = [before for _, before in said]
            told = {**about, "replaces": replaces, "label": label if label != ORDINARY else ""}
            patients.told_by_patient(patient, [record for record, _ in said], **told)


def _ask_for_access(sitting: Sitting, patient: Patient, text: str, *, by: Person | None, at: datetime) -> None:
    """Once for the front desk, when something is asked for that was not asked for before."""
    before = access.answers().filter(sitting__patient=patient, value=text).exclude(sitting=sitting)
    if not access.needs(text) or before.exists():
        return
    tasks.make(
        source=f"access {sitting.id}",
        kind=Kind.OTHER,
        what="intake.access_task",
        site=sitting.site,
        patient=patient,
        level=Level.TODAY,
        due=due.today(sitting.site.zone, at),
        permission=Permission.FIND_PATIENTS,
        role=Role.FRONT_DESK,
        where=f"/patients/{patient.id}/details/",
        by=by,
        at=at,
    )


def _ordinary(answers: Mapping[str, str], today: date, at: datetime) -> Iterator[Record]:
    if since := _known(answers, "since"):
        yield from _made("episode", {"start": since}, today)
    for medicine in _chosen(answers, "antidepressants"):
        yield from _made("exposure", _exposure(medicine, answers), today)
    if others := _known(answers, "other-antidepressants"):
        yield from medicines.named(others, status=None, indication="depression", today=today)
    if now := _known(answers, "medicines"):
        yield from medicines.named(now, status="active", indication=None, today=today)
    if answers.get("talked") == "yes":
        what = _known(answers, "talked-what") or "psychotherapy"
        therapy = {"text": _short(what), "kind": "psychotherapy", "start": _asked_for(answers, "talked-start")}
        yield from _made("therapy", therapy, today)
    for kind in _chosen(answers, "stimulated"):
        yield from _made("therapy", {"text": kind.upper(), "kind": kind}, today)
    for concept in _chosen(answers, "conditions"):
        title = forms.titles("concepts", "en")[concept]
        yield from _made("condition", {"text": title, "concepts": concept, "verification": "unconfirmed"}, today)
    yield from _allergies(answers, today)
    if (drug := answers.get("ketamine", "no")) not in (*UNSAID, NOT_KNOWN):
        how = {part: _asked_for(answers, f"ketamine-{part}") for part in ("when", "response")}
        yield from _made("ketamine", {"text": drug, "drug": drug, **how}, today)
    yield from _reproductive(answers, today, at)


def _exposure(medicine: str, answers: Mapping[str, str]) -> dict[str, str]:
    """As it would have been typed."""

    def said(part: str) -> str:
        return _asked_for(answers, f"{medicine}.{part}")

    return {
        "text": terms().medicines[medicine]["title"]["en"],
        "ingredients": medicine,
        "dose": said("dose"),
        "start": said("start"),
        "end": said("end"),
        "status": SAID.get(answers.get(f"{medicine}.taking", ""), ""),
        "improvement": said("improvement"),
        "stop": said("stop").replace("-", " "),
        "indication": "depression",
    }


def _allergies(answers: Mapping[str, str], today: date) -> Iterator[Record]:
    """Each by itself; one that is not named is one all the same, and could be to anything."""
    named = _lines(answers, "allergies")
    for line in named:
        yield from _made("allergy", {"text": _short(line), "verification": "unconfirmed"}, today)
    if answers.get("allergic") == "yes" and not named:
        text = _asked("allergies")["unnamed"]["en"]
        unnamed = {"text": text, "substances": forms.UNKNOWABLE, "verification": "unconfirmed"}
        yield from _made("allergy", unnamed, today)


def _substances(answers: Mapping[str, str], today: date) -> Iterator[Record]:
    titles = {one["value"]: one["words"]["en"] for one in _asked("substances")["options"]}
    for substance in _chosen(answers, "substances"):
        told = {"text": titles[substance], "concepts": "substance_use_disorder", "verification": "unconfirmed"}
        yield from _made("condition", told, today)


def _reproductive(answers: Mapping[str, str], today: date, at: datetime) -> Iterator[Record]:
    pregnancy = answers.get("pregnancy", "").replace(NOT_SAID, "declined")
    breastfeeding = answers.get("breastfeeding", "").replace(NOT_SAID, "")
    for kind, said in (("pregnancy_status", pregnancy), ("breastfeeding_status", breastfeeding)):
        if said:
            yield Observation("", kind, UNREADABLE if said == NOT_KNOWN else said, on(today), at)


def _made(form: str, typed: Mapping[str, str], today: date) -> Iterator[Record]:
    """The record; where a date or a number contradicts another the plainest form of it, never nothing."""
    try:
        yield forms.made(form, typed, today=today)
    except Wrong:
        plain = {name: typed[name] for name in ("text", "ingredients", "concepts", "kind", "drug") if name in typed}
        with suppress(Wrong):
            yield forms.made(form, plain, today=today)


def _asked_for(answers: Mapping[str, str], id: str) -> str:
    """As it would have been typed: what somebody cannot know is "?", what they would rather not say stays open."""
    value = answers.get(id, "")
    return {NOT_KNOWN: forms.UNKNOWABLE, NOT_SAID: ""}.get(value, value)


def _known(answers: Mapping[str, str], id: str) -> str:
    value = answers.get(id, "")
    return "" if value in (NOT_SAID, NOT_KNOWN) else value


def _chosen(answers: Mapping[str, str], id: str) -> list[str]:
    return [one for one in _known(answers, id).split() if one not in UNSAID]


def _lines(answers: Mapping[str, str], id: str) -> list[str]:
    return [line.strip() for line in _known(answers, id).splitlines() if line.strip()]


def _short(text: str) -> str:
    return text[: forms.LONGEST]


def _asked(id: str) -> dict[str, Any]:
    return next(one for one in loaded("intake")["intake"]["questions"] if one["id"] == id)
