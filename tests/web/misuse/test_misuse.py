"""Is what was seen kept with what else it may come of, and does only a person ever say what it means?"""

from __future__ import annotations

import html
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from daybreak.clinical.followup.misuse import Standing
from daybreak.clinical.treatment.events import What
from daybreak.web import ids, zones
from daybreak.web.audit.models import Entry
from daybreak.web.links.models import SIGNS
from daybreak.web.misuse import actions, queries
from daybreak.web.misuse.models import NONE, Explanation, Sign
from daybreak.web.people import grants
from daybreak.web.people.models import Site
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Forbidden, Refused
from daybreak.web.tasks.models import Task
from tests.web.conftest import signed_in
from tests.web.treatment.conftest import booking, chair, decided, desk, doctor, noon, nurse, patient, session, watched
from tests.web.treatment.steps import DEVICE, cleared, does

__all__ = ["booking", "chair", "decided", "desk", "doctor", "noon", "nurse", "patient", "session", "watched"]
DAY = timedelta(days=1)


def saw(patient, site, by, at, sign="eyes", explanation=NONE, *, clock=None, key=None, **other) -> Sign:
    told = {"day": zones.day(at, site.zone), "text": ""} | other
    about = {"by": by, "at": at, "key": key or ids.new()}
    return actions.sign(patient, sign=sign, clock=clock, explanation=explanation, **told, **about)


def worth(patient, at) -> list[Standing]:
    return [standing for _, standing in queries.known(patient, at=at).signs]


def test_two_signs_that_nothing_explains_propose_a_conversation_once(patient, site, nurse, doctor, noon) -> None:
    key = ids.new()
    for _ in range(2):
        saw(patient, site, nurse, noon, key=key)
    saw(patient, site, nurse, noon, "eyes")
    assert not Task.objects.filter(what="misuse.task").exists(), "one sign, however often"
    row = saw(patient, site, nurse, noon, "speech", "")
    assert worth(patient, noon) == [Standing.ASK, Standing.COUNTS, Standing.COUNTS]
    actions.explain(row, explanation=NONE, text="", by=nurse, at=noon, key=ids.new())
    saw(patient, site, nurse, noon, "early")
    (task,) = Task.objects.filter(what="misuse.task")
    assert (task.role, task.where, task.values) == ("prescriber", f"/patients/{patient.id}/use/", "{}")
    with pytest.raises(Forbidden):
        actions.review(patient, talked="yes", text="we talked", by=nurse, at=noon, key=ids.new())
    for wrong in ({"talked": "", "text": "x"}, {"talked": "yes", "text": ""}, {"talked": "no", "text": "x" * 1001}):
        with pytest.raises(Refused):
            actions.review(patient, **wrong, by=doctor, at=noon, key=ids.new())
    actions.review(patient, talked="yes", text="a new medicine", by=doctor, at=noon + DAY, key=ids.new())
    assert not queries.known(patient, at=noon + DAY).proposal.talk
    assert Explanation.objects.count() == 4


def test_what_is_seen_within_a_day_of_a_dose_here_may_be_the_dose(session, nurse, noon) -> None:
    cleared(session, nurse, noon)
    does(session, What.DOSE, nurse, noon, n=1, **DEVICE)
    for at in (noon, noon + DAY):
        saw(session.patient, session.site, nurse, at, "sleepy")
    saw(session.patient, session.site, nurse, noon + 3 * DAY, "sleepy")
    assert worth(session.patient, noon) == [Standing.COUNTS, Standing.TREATMENT, Standing.TREATMENT]


@pytest.mark.parametrize(("wrong", "problem"), [
    ({"sign": "red hair"}, "which_sign"), ({"explanation": "guilt"}, "which_explanation"), ({"day": None}, "which_day"),
    ({"text": "x" * 1001}, "too_long"),
])  # fmt: skip
def test_what_cannot_be_written_down_says_why(patient, site, nurse, desk, noon, wrong, problem) -> None:
    with pytest.raises(Refused) as refused:
        saw(patient, site, nurse, noon, **wrong)
    assert refused.value.id == f"misuse.{problem}"
    with pytest.raises(Forbidden):
        saw(patient, site, desk, noon)
    late = (noon + timedelta(hours=2)).astimezone(zones.ZoneInfo(site.zone)).time()
    with pytest.raises(Refused) as refused:
        saw(patient, site, nurse, noon, clock=late)
    assert refused.value.id == "misuse.not_yet"
    assert not Sign.objects.exists()


def test_a_test_says_what_it_showed(patient, site, nurse, noon) -> None:
    about = {"by": nurse, "at": noon}
    day = zones.day(noon, site.zone)
    for wrong, problem in (
        ({"what": ""}, "which_test"),
        ({"result": "guilty"}, "which_result"),
        ({"day": day + DAY}, "which_day"),
        ({"result": "unexpected"}, "say_what"),
    ):
        told = {"what": "urine", "day": day, "result": "expected", "text": ""} | wrong
        with pytest.raises(Refused) as refused:
            actions.test(patient, **told, **about, key=ids.new())
        assert refused.value.id == f"misuse.{problem}"
    actions.test(patient, what="urine", day=day, result="declined", text="", **about, key=ids.new())
    assert not queries.known(patient, at=noon).proposal.counts, "to decline says nothing"


def test_the_page_shows_each_reader_what_they_may_read(patient, site, nurse, doctor, noon) -> None:
    address = f"/patients/{patient.id}/use/"
    client = signed_in(nurse)
    told = {"site": str(site.id), "day": zones.day(noon, site.zone).isoformat()}
    sent = told | {"do": "sign", "key": str(ids.new()), "sign": "cough", "explanation": "", "text": "at the door"}
    assert client.post(address, sent, secure=True).status_code == 302
    saw(patient, site, doctor, noon, "lost")
    page = html.unescape(client.get(address, secure=True).content.decode())
    assert "at the door" in page
    assert page.count("A dose or a prescription was lost") == 1, "in the list to choose from alone"
    (row,) = Sign.objects.filter(sign="cough")
    client = signed_in(doctor)
    sent = {"do": "explain", "site": str(site.id), "about": str(row.id), "explanation": "illness", "text": "a cold"}
    assert client.post(address, sent | {"key": str(ids.new())}, secure=True).status_code == 302
    sent = {"do": "answer", "site": str(site.id), "text": "it is a cold", "key": str(ids.new())}
    assert client.post(address, sent, secure=True).status_code == 302
    page = html.unescape(client.get(address, secure=True).content.decode())
    for words in ("Comes of: An illness", "it is a cold", "Nothing here proposes a conversation"):
        assert words in page
    assert (
        client.post(address, {"do": "sign", "site": str(site.id), "key": str(ids.new())}, secure=True).status_code
        == 422
    )
    sent = {"do": "judge", "site": str(site.id), "key": str(ids.new())}
    assert client.post(address, sent, secure=True).status_code == 422
    assert Entry.objects.filter(action="misuse_explained", subject=patient.id).count() == 1


def test_who_reviews_at_one_site_does_not_review_a_patient_of_another(patient, site, doctor, person, noon) -> None:
    other = Site.objects.create(
        id=ids.new(), organisation_id=site.organisation_id, created=site.created, name="Far", zone=site.zone
    )
    both = person("pat", Role.NURSE)
    grants.grant_role(both, Role.PRESCRIBER, site=other, by=None, at=noon)
    saw(patient, site, doctor, noon, "lost", text="the bag")
    client = signed_in(both)
    page = client.get(f"/patients/{patient.id}/use/", secure=True).content.decode()
    assert "the bag" not in page
    with pytest.raises(Forbidden):
        actions.review(patient, talked="no", text="I saw it", by=both, at=noon, key=ids.new())


def test_the_patient_reads_it_by_a_link_and_answers(patient, site, nurse, doctor, noon) -> None:
    saw(patient, site, nurse, noon, "nose", text="a tissue with blood")
    with pytest.raises(Forbidden):
        actions.own_link(patient, by=nurse, at=noon, key=ids.new())
    made = actions.own_link(patient, by=doctor, at=noon, key=ids.new())
    assert (made.purpose, made.subject) == (SIGNS, patient.id)
    answered = actions.answer(made, text="the spray", at=noon, key=ids.new())
    assert [one.id for one in queries.known(patient, at=noon).answers] == [answered.id]
    (task,) = Task.objects.filter(what="misuse.task_answer")
    assert (task.role, task.values) == ("prescriber", "{}")
    page = signed_in(doctor).post(
        f"/patients/{patient.id}/use/", {"do": "link", "site": str(site.id), "key": str(ids.new())}, secure=True
    )
    assert "/l/" in page.content.decode()


def test_nothing_of_it_ever_changes(patient, site, nurse, noon) -> None:
    row = saw(patient, site, nurse, noon)
    for change in (lambda: Sign.objects.filter(pk=row.pk).update(sign="nose"), lambda: row.explanations.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
