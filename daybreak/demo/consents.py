"""To what have the demo's patients agreed?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from daybreak.demo.staff import TEAMS
from daybreak.knowledge.consents import documents_for
from daybreak.web import ids
from daybreak.web.consent import actions
from daybreak.web.consent.items import items
from daybreak.web.consent.models import TABLET, Signature, Talk
from daybreak.web.consent.reading import SHOWN
from daybreak.web.consent.told import Told
from daybreak.web.patients import identity, queries
from daybreak.web.patients.models import Patient, Registration
from daybreak.web.people.models import Person
from daybreak.web.screening.models import TREAT, Snapshot

_TOLD = Told(
    language="en",
    spoken_in="English",
    mode="room",
    interpreter_is="none",
    interpreter="",
    capacity="has",
    note="",
    representative="",
    ground="",
    clear="yes",
)
SIGNED, BEGUN, BACK = "signed", "begun", "back"
# Of those whose treatment was decided; who has been in treatment for weeks signed before it (`treatments`).
LIVES = {"H-1015": SIGNED, "H-1003": BEGUN, "H-1044": BACK}


def agree(workers: Mapping[str, Person], *, now: datetime) -> None:
    """For some of the patients whose treatment was decided: signed, begun with one wrong answer, taken back."""
    decided = dict(Snapshot.objects.filter(outcome=TREAT).order_by("id").values_list("patient", "protocol"))
    found = Registration.objects.filter(number__in=LIVES, patient__in=decided).select_related("patient", "site")
    for one in found.order_by("number"):
        doctor, life, at = workers[TEAMS[one.site.name].prescriber.login], LIVES[one.number], now - timedelta(hours=2)
        talk = begin(one.patient, decided[one.patient_id], doctor, at=at)
        if life == BEGUN:
            _wrong(talk, at=at)
            continue
        signature = sign(talk, at=at)
        if life == BACK:
            actions.withdraw(signature, reason="", by=None, at=at)


def begin(patient: Patient, protocol: str, doctor: Person, *, at: datetime, **told: str) -> Talk:
    """The talk, in the language of the patient when there is a wording in it."""
    spoken = replace(_TOLD, **told)
    found: Talk = actions.begin(patient, documents_for(protocol)[0], spoken, by=doctor, at=at, key=ids.new())
    return found


def explained(talk: Talk, doctor: Person, *, at: datetime) -> None:
    """One question is answered wrongly, and the doctor explains it."""
    actions.explain(talk, _wrong(talk, at=at), by=doctor, at=at)


def sign(talk: Talk, *, at: datetime) -> Signature:
    """Everything understood, every question answered, and signed on the tablet."""
    for one in items(talk):
        actions.say(talk, one.id, str(one.right) if one.answers else "understood", by=None, at=at)
    name = identity.of(queries.details(talk.patient)).name
    found: Signature = actions.sign(talk, name=name, clear="yes", read=SHOWN, how=TABLET, by=None, at=at, key=ids.new())
    return found


def _wrong(talk: Talk, *, at: datetime) -> str:
    one = next(one for one in items(talk) if one.answers)
    actions.say(talk, one.id, str((one.right + 1) % len(one.answers)), by=None, at=at)
    return one.id
