"""Which talk stands behind the sample address of the tests that walk through every page, and how does one begin?"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from uuid import UUID

from daybreak.knowledge import consents
from daybreak.web import ids
from daybreak.web.consent import actions
from daybreak.web.consent.items import OPEN, items
from daybreak.web.consent.models import ANSWER, UNDERSTOOD, Signature, Step, Talk
from daybreak.web.consent.told import Told
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from tests.web.conftest import NOW

TALK = UUID("0193f000-0000-7000-8000-00000000000e")
VEIN, REGISTRY = "ketamine-by-vein", "registry"
TOLD = Told(
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


def make(patient: Patient, site: Site, by: Person) -> Talk:
    """One that is being read; by rows alone, with its own id."""
    found = consents.document(VEIN, on=date(2026, 11, 24))
    return Talk.objects.create(
        id=TALK,
        organisation_id=patient.organisation_id,
        created=NOW,
        patient=patient,
        site=site,
        document=VEIN,
        version=consents.version(found),
        content=json.dumps(found, ensure_ascii=False, sort_keys=True),
        language="en",
        spoken_in="English",
        mode="room",
        capacity="has",
        by=by,
    )


def begun(patient: Patient, by: Person, document: str = VEIN, *, at=NOW, **other) -> Talk:
    return actions.begin(patient, document, replace(TOLD, **other), by=by, at=at, key=ids.new())


def understood(talk: Talk, *, at=NOW) -> Talk:
    """The patient understands everything that is open, at once."""
    for one in (one for one in items(talk) if one.state == OPEN):
        actions.say(talk, one.id, str(one.right) if one.answers else "understood", by=None, at=at)
    return talk


def signed(patient: Patient, by: Person, document: str = VEIN, *, at=NOW) -> Signature:
    """What was understood before it, by rows alone: to say it has its own tests."""
    talk = begun(patient, by, document, at=at)
    common = {"organisation_id": talk.organisation_id, "created": at, "talk": talk}
    Step.objects.bulk_create(
        Step(
            id=ids.new(),
            seq=n,
            item=one.id,
            what=ANSWER if one.answers else UNDERSTOOD,
            value=str(one.right) if one.answers else "",
            **common,
        )
        for n, one in enumerate(items(talk), 1)
    )
    return actions.sign(
        talk, name="Anna Keller", clear="yes", read="shown", how="tablet", by=None, at=at, key=ids.new()
    )
