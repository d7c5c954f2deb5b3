"""Does no esketamine begin without a certified site and an enrolled patient, except where the programme asks for no enrolment?"""

from __future__ import annotations

import html
from datetime import timedelta

import pytest

from daybreak.clinical.answers import Reason
from daybreak.clinical.treatment.events import What
from daybreak.web import ids
from daybreak.web.courses import asks
from daybreak.web.courses.gates import GATES, missing
from daybreak.web.courses.models import Booking
from daybreak.web.courses.state import standing
from daybreak.web.patients import one_person
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.rems import gate, queue, setting, setting_actions
from daybreak.web.rems.models import Certification, Enrolment, Setting
from daybreak.web.tasks.models import Task
from daybreak.web.tasks.state import state
from daybreak.web.treatment import opening
from daybreak.web.treatment import queries as treatments
from daybreak.web.treatment.saying import NotNow
from tests.web.conftest import NOW, signed_in
from tests.web.patients.samples import registered
from tests.web.rems.programme import certified, enrolled
from tests.web.rems.samples import MINUTE, over, sign
from tests.web.treatment.conftest import booking, chair, decided, desk, doctor, noon, nurse, patient, session, watched
from tests.web.treatment.steps import checked_in, does

__all__ = ["booking", "chair", "decided", "desk", "doctor", "noon", "nurse", "patient", "session", "watched"]
SITE, PATIENT = "rems_site", "rems_patient"
WARD = {"reason": "ward 3"}


def lacks(booking) -> set[str]:
    return {one.id for one in missing([standing(booking)], at=NOW)[booking.id]} & {SITE, PATIENT}


def where(booking, setting_, by, *, at=NOW, **other) -> Setting:
    last = setting.said(booking.id)
    told = {"reason": "", "seen": last and last.id, "key": ids.new()} | other
    return setting_actions.choose(booking, setting_, by=by, at=at, **told)


def ended(row, **other) -> None:
    told = {"by": row.by, "replaces": row, "number": row.number, "ended": True, "reason": "over"} | other
    (certified if isinstance(row, Certification) else _enrolled_again)(row.site, told.pop("by"), **told)


def _enrolled_again(site, by, *, replaces, **told) -> None:
    enrolled(replaces.patient, site, by, replaces=replaces, **told)


@pytest.mark.parametrize(
    "how",
    [
        {"ended": True, "reason": "over"},
        {"ended": False, "reason": "", "expires": NOW.date() - timedelta(days=400)},
        {"ended": False, "reason": "", "since": NOW.date() + timedelta(days=4000), "expires": None},
    ],
)
def test_what_is_over_or_not_yet_clears_nobody(booking, session, nurse, noon, how) -> None:
    assert lacks(booking) == set()
    checked_in(session, nurse, noon)
    ended(Certification.objects.get(), **how)
    assert lacks(booking) == {SITE}
    ended(Enrolment.objects.get(), **how)
    assert lacks(booking) == {SITE, PATIENT}
    with pytest.raises(NotNow) as refused:
        does(session, What.CLEARED, nurse, noon)
    assert {"rems.gate_site", "rems.gate_patient"} <= {one.id for one in refused.value.reasons}


def test_what_nobody_wrote_down_clears_nobody_and_ketamine_is_not_concerned(booking, site, person) -> None:
    found = standing(booking)
    found.booking.pk = ids.new()  # of which nothing is written down
    assert gate.no_site([found], at=NOW) == gate.no_patient([found], at=NOW) == {found.booking.pk}
    found.booking.course.protocol = "ketamine-iv-consensus"
    assert gate.no_site([found], at=NOW) == gate.no_patient([found], at=NOW) == set()


def test_of_several_records_of_a_person_the_newest_word_counts(booking, site, patient, nurse, doctor) -> None:
    other = registered(site, doctor, number="49", given_names="Ana", language="English")
    claim = one_person.claim(patient, other, reason="same mother", by=nurse, at=NOW, key=ids.new())
    one_person.second(claim, by=doctor, at=NOW, key=ids.new())
    ended(Enrolment.objects.get())
    fresh = Booking.objects.get(pk=booking.pk)
    assert lacks(fresh) == {PATIENT}
    enrolled(other, site, doctor)
    assert lacks(Booking.objects.get(pk=booking.pk)) == set()


def test_what_a_site_lacks_is_not_asked_for_by_each_of_its_visits(booking, site, doctor, patient) -> None:
    ended(Certification.objects.get())
    ended(Enrolment.objects.get())
    asks.missing(booking, by=doctor, at=NOW)
    asked = Task.objects.filter(source__startswith="booking ", source__contains=" rems_")
    assert [one.source.split()[2] for one in asked] == [PATIENT]


def test_in_a_ward_nobody_is_enrolled_but_the_site_is_certified(booking, nurse, desk) -> None:
    ended(Enrolment.objects.get())
    assert lacks(booking) == {PATIENT}
    with pytest.raises(Refused):
        where(booking, "inpatient", nurse)
    key = ids.new()
    row = where(booking, "inpatient", nurse, key=key, **WARD)
    assert where(booking, "inpatient", nurse, key=key, seen=None, **WARD) == row
    assert lacks(booking) == set()
    ended(Certification.objects.get())
    assert lacks(booking) == {SITE}
    with pytest.raises(Conflict):
        where(booking, "outpatient", nurse, seen=None)
    with pytest.raises(Refused):
        where(booking, "elsewhere", nurse)
    with pytest.raises(Forbidden):
        where(booking, "outpatient", desk)


def test_after_a_dose_a_prescriber_corrects_it_and_the_form_follows(session, booking, nurse, doctor, noon) -> None:
    at = over(session, nurse, noon)
    with pytest.raises(Forbidden):
        where(booking, "emergency", nurse, at=at, **WARD)
    where(booking, "emergency", doctor, at=at, **WARD)
    assert queue.owed([session.site_id], at=at) == []
    first, *none = Task.objects.filter(source__startswith="rems ")
    assert (state(first).open, none) == (False, [])
    with pytest.raises(Conflict):
        sign(session, nurse, at)
    with pytest.raises(Refused):
        where(booking, "outpatient", doctor, at=at)
    where(booking, "outpatient", doctor, at=at + MINUTE, reason="it was the clinic")
    (owed,) = queue.owed([session.site_id], at=at)
    assert owed.session == session
    assert [state(one).open for one in Task.objects.filter(source__startswith="rems ").order_by("id")] == [False, True]
    page = signed_in(nurse).get(f"/sessions/{session.id}/", secure=True).content.decode()
    assert "As an outpatient" in page
    assert treatments.these([session.pk])[0].session.__dict__["said_setting"] == "outpatient"


def test_what_shuts_a_gate_leads_to_the_page_that_opens_it(booking, session, nurse, noon) -> None:
    checked_in(session, nurse, noon)
    ended(Enrolment.objects.get())
    page = signed_in(nurse).get(f"/sessions/{session.id}/?step=clear", secure=True).content.decode()
    assert f'<a href="/patients/{session.patient_id}/rems/">' in page
    page = signed_in(nurse).get(f"/patients/{session.patient_id}/course/", secure=True).content.decode()
    assert "No longer enrolled since" in page
    for one in GATES:
        assert opening.where(Reason(one.name), session) == f"/patients/{session.patient_id}/{one.where}"
    assert opening.where(Reason("session.devices-apart"), session) == "", "only time opens it"


def test_the_page_takes_it_and_shows_who_said_it(session, booking, nurse, person) -> None:
    address = f"/bookings/{booking.id}/setting/"
    told = {"setting": "inpatient", "reason": "ward 3", "key": str(ids.new())}
    client = signed_in(nurse)
    assert client.post(address, told, secure=True).status_code == 302
    page = html.unescape(client.get(address, secure=True).content.decode())
    assert "ward 3" in page
    assert "Suspected adverse events are reported all the same" in page
    assert signed_in(person("fay2", Role.FRONT_DESK)).get(address, secure=True).status_code == 403
