"""Does what a patient says stand in the record as theirs until a person confirms it?"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from daybreak.clinical.answers import UNREADABLE
from daybreak.clinical.records import Condition, Exposure, Observation, on
from daybreak.web import ids
from daybreak.web.append_only import unprotected
from daybreak.web.audit import trail
from daybreak.web.audit.models import Entry as Line
from daybreak.web.labels import actions as labels
from daybreak.web.patients import actions, records, telling
from daybreak.web.patients.kinds import SUBSTANCE_USE
from daybreak.web.patients.models import IMPORT, PATIENT, PERSON, Entry
from daybreak.web.people.roles import Role
from daybreak.web.tasks.models import Event, Task, What
from tests.web.conftest import NOW, signed_in

SOON = NOW + timedelta(minutes=1)
SERTRALINE = Exposure("", "sertraline", ("sertraline",), dose=Decimal(50), kind="form")


def told(patient, *said, by=None, **other) -> list[Entry]:
    site_id = patient.registrations.get().site_id
    return actions.told_by_patient(patient, said, site_id=site_id, by=by, at=SOON, **other)


def thought(value) -> Observation:
    return Observation("", "phq-9.item-9", value, on(SOON.date()))


def test_it_is_theirs_and_says_so_in_both_languages(patient, nurse) -> None:
    with trail.by_way_of("link"):
        (row,) = told(patient, SERTRALINE)
    assert (row.origin, row.by) == (PATIENT, None)
    assert "Told by the patient" in telling.told(row, "en").origin
    assert "患者本人" in telling.told(row, "zh-hans").origin
    (also,) = told(patient, SERTRALINE, by=nurse)
    assert nurse.display_name in telling.told(also, "en").origin
    assert [line.via for line in Line.objects.filter(action="entry_told")] == ["link", "web"]


def test_a_person_confirms_it_and_then_answers_for_it(patient, nurse) -> None:
    (row,) = told(patient, SERTRALINE)
    client = signed_in(nurse)
    page = client.get(f"/patients/{patient.id}/", secure=True).content.decode()
    assert f"/entries/{row.id}/correct/" in page
    assert "Confirm" in client.get(f"/patients/{patient.id}/entries/{row.id}/correct/", secure=True).content.decode()
    confirmed = actions.correct(row, lambda record: record, by=nurse, at=SOON, key=ids.new(), action="confirmed")
    assert (confirmed.origin, confirmed.by, confirmed.replaces) == (PERSON, nurse, row)
    assert [one.id for one in records.current(patient)] == [confirmed.id]


def test_the_board_shows_whose_word_it_is(site, person, patient) -> None:
    doctor = person("okafor", Role.PRESCRIBER)
    told(patient, Condition("", "Schizophrenia", frozenset({"psychosis"})))
    page = signed_in(doctor).get(f"/patients/{patient.id}/screening/", secure=True).content.decode()
    assert "told by the patient, not confirmed yet" in page


@pytest.mark.parametrize("value", [Decimal(2), UNREADABLE])
def test_a_thought_of_suicide_makes_the_task_of_nobody_else(patient, value) -> None:
    told(patient, thought(value))
    task = Task.objects.get()
    assert (task.kind, task.patient_id, task.by) == ("suicide", patient.id, None)
    told(patient, thought(value))
    assert Task.objects.count() == 1
    assert Event.objects.get(what=What.ANSWER).by is None


def test_it_may_bear_a_label_and_stays_theirs_under_another(patient, person) -> None:
    doctor = person("okafor", Role.PRESCRIBER)
    (row,) = told(patient, Condition("", "Something"), label=SUBSTANCE_USE)
    assert row.sensitivity == SUBSTANCE_USE
    labels.label(row, "ordinary", reason="asked for", by=doctor, at=SOON, key=ids.new())
    assert Entry.objects.get(replaces=row).origin == PATIENT


def test_the_rebuilt_table_is_protected(patient) -> None:
    (row,) = told(patient, SERTRALINE)
    assert not unprotected(connection, "patients_entry")
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.filter(pk=row.pk).update(origin=PERSON)


@pytest.mark.parametrize("origin", [PERSON, IMPORT, "nobody"])
def test_only_what_a_patient_says_has_nobody_who_wrote_it_down(patient, origin) -> None:
    row = records.entry(SERTRALINE, patient=patient, by=None, at=SOON)
    row.origin = origin
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
