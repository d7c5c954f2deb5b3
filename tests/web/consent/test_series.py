"""Does each series of treatments ask for its own signature, and does a talk that led to none leave nothing behind?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from daybreak.knowledge import consents
from daybreak.web import ids
from daybreak.web.audit.models import Entry
from daybreak.web.consent import actions, queries, renewals
from daybreak.web.consent.exported import resources
from daybreak.web.consent.models import Signature, Talk, TalkEnd
from daybreak.web.courses.models import Course, CourseEnd
from daybreak.web.patients import one_person
from daybreak.web.patients.models import Patient
from daybreak.web.people.roles import Role
from daybreak.web.reach import standings
from daybreak.web.refusals import Conflict, Refused
from daybreak.web.screening.models import Snapshot
from daybreak.web.tasks.models import Event, Task
from daybreak.web.tasks.queries import still_open
from tests.web.conftest import NOW, signed_in
from tests.web.consent.samples import REGISTRY, VEIN, begun, signed
from tests.web.patients.samples import registered
from tests.web.screening import samples as decided

CONSENSUS = "ketamine-iv-consensus"
DAY = timedelta(days=1)


def course(patient, by, *, begins, ends=None) -> Course:
    """By rows alone."""
    common = {"organisation_id": patient.organisation_id, "by": by}
    if not Snapshot.objects.filter(patient=patient).exists():
        decided.make(patient, patient.registrations.get().site, by)
    about = {"protocol": CONSENSUS, "version": "1", "starts": begins.date(), "plan": "[]"}
    row = Course.objects.create(
        id=ids.new(),
        created=begins,
        patient=patient,
        site=patient.registrations.get().site,
        decision=Snapshot.objects.get(),
        **about,
        **common,
    )
    if ends:
        CourseEnd.objects.create(id=ids.new(), created=ends, course=row, reason="completed", **common)
    return row


def gate(patient, *, at, begins=None) -> str:
    told = queries.talks(Patient.objects.get(pk=patient.pk))
    found = queries.gate(told, consents.documents_for(CONSENSUS), at=at, begun=begins)
    return found.id if found else ""


def test_the_next_series_asks_for_its_own_signature_and_a_choice_beside_it_stays(anna, doctor) -> None:
    first = signed(anna, doctor)
    signed(anna, doctor, REGISTRY)
    course(anna, doctor, begins=NOW + DAY, ends=NOW + 9 * DAY)
    assert gate(anna, at=NOW + 2 * DAY, begins=NOW + DAY) == "", "the series for which it was signed"
    assert gate(anna, at=NOW + 10 * DAY) == "consent.gate_series"
    assert gate(anna, at=NOW + 11 * DAY, begins=NOW + 10 * DAY) == "consent.gate_series"
    assert queries.agreed(anna, REGISTRY, at=NOW + 10 * DAY)
    assert {one["id"]: one["status"] for one in resources(anna, language="en", at=NOW + 10 * DAY)}[
        str(first.id)
    ] == "inactive"
    client = signed_in(doctor)
    page = client.get(f"/patients/{anna.id}/consents/", secure=True).content.decode()
    assert "Ketamine by vein: signed for an earlier series" in page
    assert f"/consents/{first.talk_id}/renew/" in page
    assert page.count("/renew/") == 1, "the choice holds and is not asked for again"
    assert (
        "series for which the consent was signed ended"
        in client.get(f"/patients/{anna.id}/", secure=True).content.decode()
    )
    signed(anna, doctor, at=NOW + 10 * DAY)
    assert gate(anna, at=NOW + 11 * DAY, begins=NOW + 10 * DAY) == ""


def test_a_series_that_ended_in_a_linked_record_counts_and_renewal_is_no_longer_asked(
    anna, doctor, site, person
) -> None:
    other = registered(site, doctor, number="9", given_names="Ana")
    row = signed(anna, doctor)
    assert renewals.ask(at=NOW + 155 * DAY) == 1
    course(other, doctor, begins=NOW + DAY, ends=NOW + 156 * DAY)
    assert gate(anna, at=NOW + 157 * DAY) == ""
    told = {"at": NOW, "key": ids.new()}
    claim = one_person.claim(anna, other, reason="same mother", by=doctor, **told)
    one_person.second(claim, by=person("ines", Role.PRESCRIBER), at=NOW, key=ids.new())
    assert gate(anna, at=NOW + 157 * DAY) == "consent.gate_series"
    assert gate(other, at=NOW + 157 * DAY) == "consent.gate_series"
    assert renewals.ask(at=NOW + 157 * DAY) == 0
    assert Event.objects.get(task__source=renewals.source(row)).result == "not_needed"


def waits() -> set[str]:
    return set(still_open(Task.objects.all()).values_list("what", flat=True))


def asks(talk, *items) -> None:
    for item in items:
        actions.say(talk, item, "asks", by=None, at=NOW)


@pytest.mark.parametrize("how", ["ended", "superseded", "died"])
def test_a_talk_without_a_signature_leaves_no_task_but_a_question_about_suicide(anna, doctor, how) -> None:
    talk = begun(anna, doctor)
    asks(talk, "off-label", "suicide")
    assert waits() == {"consent.task_explain_today", "consent.task_explain_now"}
    if how == "ended":
        for _ in range(2):
            actions.end(talk, reason="thinks about it", by=doctor, at=NOW)
    elif how == "superseded":
        begun(anna, doctor, REGISTRY)
        assert not TalkEnd.objects.exists(), "about something else"
        begun(anna, doctor)
    else:
        told = {"since": None, "note": "", "seen": 0, "by": doctor, "at": NOW, "key": ids.new()}
        standings.say(anna, "died", **told)
    assert TalkEnd.objects.get(talk=talk).reason == ("thinks about it" if how == "ended" else "")
    closed = Event.objects.get(task__what="consent.task_explain_today")
    assert (closed.result, closed.text) == ("not_needed", TalkEnd.objects.get(talk=talk).reason)
    assert "consent.task_explain_now" in waits()
    assert Entry.objects.filter(action="consent_ended").exists()
    with pytest.raises(Conflict, match="ended without a signature"):
        asks(talk, "mind")
    with pytest.raises(Conflict, match="ended without a signature"):
        actions.sign(talk, name="Anna", clear="yes", read="shown", how="here", by=doctor, at=NOW, key=ids.new())


def test_staff_end_a_talk_on_its_page(anna, doctor) -> None:
    talk, client = begun(anna, doctor), signed_in(doctor)
    where = f"/patients/{anna.id}/consents/{talk.id}/"
    assert client.post(where, {"do": "end", "reason": ""}, secure=True).status_code == 422
    assert client.post(where, {"do": "end", "reason": "<b>later"}, secure=True).status_code == 302
    page = client.get(where, secure=True).content.decode()
    assert "&lt;b&gt;later" in page
    assert 'value="link"' not in page
    assert queries.open_talk(anna.id) is None
    assert gate(anna, at=NOW) == "consent.gate_none"
    kept = signed(anna, doctor)
    with pytest.raises(Conflict):
        actions.end(kept.talk, reason="no", by=doctor, at=NOW)
    with pytest.raises(Refused):
        actions.end(begun(anna, doctor), reason="", by=doctor, at=NOW)
    assert (Talk.objects.count(), Signature.objects.count()) == (3, 1)
    assert VEIN in consents.per_series()
    assert REGISTRY not in consents.per_series()
