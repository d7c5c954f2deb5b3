"""To what have the demo's patients agreed?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from daybreak.demo.staff import TEAMS
from daybreak.knowledge.consents import documents_for
from daybreak.web import ids
from daybreak.web.consent import actions
from daybreak.web.consent.actions import Told
from daybreak.web.consent.items import items
from daybreak.web.consent.models import TABLET
from daybreak.web.patients import identity, queries
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
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
LIVES = (SIGNED, SIGNED, BEGUN, BACK)  # one for each patient, in turn


def agree(sites: Mapping[str, Site], workers: Mapping[str, Person], *, now: datetime) -> None:
    """For some of the patients whose treatment was decided: signed, begun with one wrong answer, taken back."""
    decided = Snapshot.objects.filter(outcome=TREAT).order_by("id").values_list("patient", "site__name", "protocol")
    for (patient_id, name, protocol), life in zip(dict.fromkeys(decided), LIVES, strict=False):
        patient, doctor = Patient.objects.get(pk=patient_id), workers[TEAMS[name].prescriber.login]
        _one(patient, documents_for(protocol)[0], life, doctor=doctor, at=now - timedelta(hours=2))


def _one(patient: Patient, document: str, life: str, *, doctor: Person, at: datetime) -> None:
    talk = actions.begin(patient, document, _TOLD, by=doctor, at=at, key=ids.new())
    for one in items(talk):
        said = str(one.right) if one.answers else "understood"
        if life == BEGUN and one.answers:
            actions.say(talk, one.id, str((one.right + 1) % len(one.answers)), by=None, at=at)
            return
        actions.say(talk, one.id, said, by=None, at=at)
    name = identity.of(queries.details(patient)).name
    signature = actions.sign(talk, name=name, clear="yes", how=TABLET, by=None, at=at, key=ids.new())
    if life == BACK:
        actions.withdraw(signature, reason="", by=None, at=at)
