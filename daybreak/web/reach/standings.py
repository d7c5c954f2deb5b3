"""What has to happen when nothing may go to a patient any more, and when it may again?

One word ends or pauses everything at once: messages are held back when they would leave, links open nothing, what was
planned is called off, and each role has a task. All of it is one transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.module_loading import import_string

from daybreak.knowledge.reach import within
from daybreak.web import ids, zones
from daybreak.web.audit import trail
from daybreak.web.links import of_patient as links
from daybreak.web.once import keys
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient
from daybreak.web.patients.register import Stale, may_at
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission
from daybreak.web.people.roles import Role
from daybreak.web.reach import queries
from daybreak.web.reach import record as of_record
from daybreak.web.reach.models import BACK, DIED, ENDS, HOSPITAL, PREGNANT, STANDINGS, STOPPED, Standing
from daybreak.web.refusals import Refused
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Kind, Level

LONGEST = 1000
# What an app has to call off besides: `(patient, standing, by=…, at=…)`, in the same transaction. An app adds its line.
CALL_OFF = ["daybreak.web.courses.events.call_off", "daybreak.web.consent.actions.call_off"]
# What each role has to see to. The sentences say nothing of what the patient has.
TOLD = {
    Role.FRONT_DESK: ("reach.task_stop_desk", Permission.REGISTER_PATIENTS),
    Role.NURSE: ("reach.task_stop_nurse", Permission.READ_PATIENTS),
    Role.PRESCRIBER: ("reach.task_stop_prescriber", Permission.READ_PATIENTS),
    Role.PHARMACIST: ("reach.task_stop_pharmacist", Permission.READ_MEDICINES),
}
# What a prescriber has to see to besides, by what happened: what, within which span, and on which page of the patient.
BESIDES = {
    DIED: (
        ("reach.task_died", "death-report", "adverse"),
        ("reach.task_died_review", "after-death", "standing"),
        ("reach.task_died_letter", "death-letter", "standing"),
    ),
    STOPPED: (("reach.task_stopped", "standing", "standing"),),
    PREGNANT: (("reach.task_pregnant", "standing", "standing"),),
    HOSPITAL: (("reach.task_hospital", "standing", "standing"),),
}


@transaction.atomic
def say(
    patient: Patient, kind: str, *, since: date | None, note: str, seen: int, by: Person, at: datetime, key: UUID
) -> Standing:
    """From now on nothing goes to the patient, or (BACK) it does again. `seen` is how many words the form knew of.

    It counts for every record of the person: what is planned for another one is called off too, and BACK takes back what
    was said of any. The answer is the last row that this made.

    Refused for an unknown kind, a day in the future, or BACK when nothing stood in the way.
    """
    patient = patients.locked_together(patient)
    records = list(Patient.objects.filter(pk__in=patients.together(patient)))
    site_id = may_at(patient, Permission.REGISTER_PATIENTS, by=by, at=at)
    content = {"patient": patient.id, "kind": kind, "since": since, "note": note, "seen": seen}
    if earlier := keys.known(key, action="standing", content=content):
        return Standing.objects.get(pk=earlier)
    every, stops = queries.standings(patient), queries.stopped_records(patient)
    if every and len(every) != seen:
        raise Stale(every[0])
    today = zones.day_at(site_id, at)
    if kind not in STANDINGS or len(note) > LONGEST:
        raise Refused("reach.standing_missing", most=LONGEST)
    if since and since > today:
        raise Refused("reach.since_in_future", in_field="since")
    if kind == BACK and not stops:
        raise Refused("reach.nothing_stopped")
    for record in [one for one in records if one.pk in stops] if kind == BACK else [patient]:
        row = Standing(
            id=ids.new(),
            organisation_id=record.organisation_id,
            created=at,
            patient=record,
            seq=sum(one.patient_id == record.pk for one in every) + 1,
            kind=kind,
            since=since or today,
            note=note.strip(),
            by=by,
        )
        row.save(force_insert=True)
        action = "standing_back" if kind == BACK else "standing_stopped"
        trail.wrote(row, action=action, who=by.id, at=at, subject=record.id, site=site_id)
        of_record.write(record, row, site_id=site_id, by=by, at=at)
    if kind != BACK:
        links.revoke_all(patient, by=by, at=at)
        for record in records:
            _stop(record, row, by=by, at=at)
    keys.remember(
        key, action="standing", content=content, answer=row.id, organisation_id=patient.organisation_id, at=at
    )
    return row


def linking(patient: Patient, other: Patient, *, by: Person, at: datetime) -> None:
    """Just before two records become one, in that transaction: what was said of one counts for the other from then on, so its
    links and visits are called off too, and its people are told."""
    for one, beside in ((patient, other), (other, patient)):
        said = queries.standing(beside.pk)
        if said is None or queries.standing(one.pk) is not None:
            continue
        links.revoke_all(Patient(pk=one.pk), by=by, at=at)
        for record in Patient.objects.filter(pk__in=patients.all_together([one.pk])[one.pk]):
            _stop(record, said, by=by, at=at)


def _stop(patient: Patient, row: Standing, *, by: Person, at: datetime) -> None:
    for name in CALL_OFF:
        call_off: Callable[..., object] = import_string(name)
        call_off(patient, row, by=by, at=at)
    for place in patient.registrations.select_related("site").order_by("id"):
        common = {"kind": Kind.OTHER, "site": place.site, "patient": patient, "level": Level.TODAY, "by": by, "at": at}
        for role, (what, permission) in TOLD.items():
            tasks.make(
                source=f"standing {row.id} {patient.id} {place.site_id} {role}",
                what=what,
                due=at + within("standing"),
                permission=permission,
                role=role,
                where=f"/patients/{patient.id}/standing/",
                **common,
            )
        for n, (what, span, page) in enumerate(BESIDES.get(row.kind, ())):
            tasks.make(
                source=f"standing {row.id} {patient.id} {place.site_id} besides" + (f" {n}" if n else ""),
                what=what,
                due=at + within(span),
                permission=Permission.READ_PATIENTS,
                role=Role.PRESCRIBER,
                where=f"/patients/{patient.id}/{page}/",
                **common,
            )


def ends(kind: str) -> bool:
    """Does it end everything, or only pause it?"""
    return kind in ENDS
