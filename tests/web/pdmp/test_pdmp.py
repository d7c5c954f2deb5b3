"""Is every look kept with who looked, and does a dose wait for one only where a prescriber signed that it does?"""

from __future__ import annotations

import html
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from daybreak.clinical.treatment.events import What
from daybreak.web import ids, zones
from daybreak.web.audit.models import Entry
from daybreak.web.pdmp import actions, queries
from daybreak.web.pdmp.models import Look, Result, Rule
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.tasks.models import Task
from daybreak.web.treatment.saying import NotNow
from tests.web.conftest import NOW, signed_in
from tests.web.treatment.conftest import (
    booking,
    chair,
    decided,
    desk,
    doctor,
    noon,
    nurse,
    patient,
    session,
    watched,
)
from tests.web.treatment.steps import checked_in, does

__all__ = ["booking", "chair", "decided", "desk", "doctor", "noon", "nurse", "patient", "session", "watched"]
DAY = timedelta(days=1)


def looks(patient, site, by, at, result=Result.NOTHING, **other) -> Look:
    told = {"day": zones.day(at, site.zone), "text": "", "key": ids.new()} | other
    return actions.look(patient, site, result=result, by=by, at=at, **told)


def signs(site, by, at, **other) -> Rule:
    told = {"days": "30", "address": "", "reason": "state law", "seen": None, "key": ids.new()} | other
    return actions.sign(site, by=by, at=at, **told)


def why(patient, site, at) -> list[str]:
    return [one.id for one in queries.standing(patient, site, at=at).why]


def test_a_look_is_kept_with_who_looked_and_stays(patient, site, nurse, desk) -> None:
    key = ids.new()
    row = looks(patient, site, nurse, NOW, key=key)
    assert looks(patient, site, nurse, NOW, key=key) == row
    line = Entry.objects.get(action="pdmp_looked")
    assert (line.who, line.subject, line.site) == (nurse.id, patient.id, site.id)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Look.objects.update(text="x")
    with pytest.raises(Forbidden):
        looks(patient, site, desk, NOW)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"result": "perhaps"}, "what it showed"),
        ({"day": None}, "which day"),
        ({"day": (NOW + DAY).date()}, "which day"),
        ({"day": (NOW - 400 * DAY).date()}, "which day"),
        ({"result": Result.UNEXPECTED}, "not expected"),
        ({"text": "x" * 1001}, "1000"),
    ],
)
def test_what_cannot_be_is_refused(patient, site, nurse, told, said) -> None:
    with pytest.raises(Refused, match=said):
        looks(patient, site, nurse, NOW, **told)


def test_without_a_rule_no_dose_waits_and_with_one_it_waits_for_a_look_that_is_new_enough(
    patient, site, nurse, doctor
) -> None:
    assert why(patient, site, NOW) == []
    signs(site, doctor, NOW)
    assert why(patient, site, NOW) == ["session.pdmp-never"]
    looks(patient, site, nurse, NOW, Result.NOT_REACHED)
    assert why(patient, site, NOW) == ["session.pdmp-never"], "what was not reached showed nothing"
    looks(patient, site, nurse, NOW)
    assert why(patient, site, NOW + 30 * DAY) == []
    assert why(patient, site, NOW + 31 * DAY) == ["pdmp.why_old"]


def test_what_nobody_expected_is_a_prescribers(patient, site, nurse, doctor) -> None:
    rule = signs(site, doctor, NOW)
    looks(patient, site, nurse, NOW, Result.UNEXPECTED, text="another clinic")
    assert why(patient, site, NOW) == ["pdmp.why_unexpected"]
    (task,) = Task.objects.filter(what="pdmp.task_unexpected")
    assert task.role == Role.PRESCRIBER
    looks(patient, site, doctor, NOW, Result.UNEXPECTED, text="talked, known to both clinics")
    assert why(patient, site, NOW) == []
    assert Task.objects.filter(what="pdmp.task_unexpected").count() == 1
    signs(site, doctor, NOW, days="", seen=rule.id)
    assert queries.newest_rule(site.id).days is None


@pytest.mark.parametrize(
    "told",
    [
        {"days": "0"},
        {"days": "367"},
        {"days": "1.5"},
        {"address": "http://x.org"},
        {"address": "https://[x"},
        {"address": "https://x y"},
        {"reason": ""},
    ],
)
def test_a_rule_that_cannot_be_is_refused(site, doctor, told) -> None:
    with pytest.raises(Refused):
        signs(site, doctor, NOW, **told)


def test_a_rule_is_a_prescribers_and_the_newest_counts(site, nurse, doctor) -> None:
    with pytest.raises(Forbidden):
        signs(site, nurse, NOW)
    key = ids.new()
    row = signs(site, doctor, NOW, key=key)
    assert signs(site, doctor, NOW, key=key) == row
    with pytest.raises(Conflict):
        signs(site, doctor, NOW, days="60")


def test_a_session_is_not_cleared_before_it_was_looked_at(session, site, nurse, doctor, noon) -> None:
    signs(site, doctor, noon)
    checked_in(session, nurse, noon)
    with pytest.raises(NotNow, match="Prescription monitoring was not looked at"):
        does(session, What.CLEARED, nurse, noon)
    client = signed_in(nurse)
    page = html.unescape(client.get(f"/sessions/{session.id}/", secure=True).content.decode())
    assert f"/patients/{session.patient_id}/pdmp/" in page
    told = {"key": str(ids.new()), "site": str(site.id), "result": "nothing", "day": ""}
    address = f"/patients/{session.patient_id}/pdmp/"
    assert client.post(address, told, secure=True).status_code == 422
    told["day"] = zones.day(noon, site.zone).isoformat()
    assert client.post(address, told, secure=True).status_code == 302
    assert "Looked at 0 days ago" in client.get(address, secure=True).content.decode()
    does(session, What.CLEARED, nurse, noon)


def test_the_rule_has_its_page(site, doctor) -> None:
    client = signed_in(doctor)
    told = {"key": str(ids.new()), "days": "x", "address": "https://pdmp.example.org/", "reason": "state law"}
    assert client.post("/clinic/pdmp/", told, secure=True).status_code == 422
    wrong = client.post("/clinic/pdmp/", told | {"site": str(site.id)}, secure=True)
    assert "state law" in wrong.content.decode(), "nothing that was typed is lost"
    client.post("/clinic/pdmp/", told | {"site": str(site.id), "days": "30"}, secure=True)
    assert "at most 30 days" in client.get("/clinic/pdmp/", secure=True).content.decode()
