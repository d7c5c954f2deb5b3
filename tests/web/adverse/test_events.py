"""Is an adverse event told once, judged by a prescriber, corrected beside its first word, and reported by a person?"""

from __future__ import annotations

import html
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from daybreak.clinical.treatment.adverse import Owed
from daybreak.clinical.treatment.events import What
from daybreak.web import ids, zones
from daybreak.web.adverse import actions, queries
from daybreak.web.adverse.models import How, Review, Version
from daybreak.web.adverse.told import Told
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.tasks.models import Task
from daybreak.web.tasks.state import state
from daybreak.web.treatment import actions as treatment
from tests.web.adverse.samples import NOT_SERIOUS
from tests.web.conftest import signed_in
from tests.web.rems.samples import over
from tests.web.rems.samples import sign as sign_form
from tests.web.treatment.conftest import booking, chair, decided, desk, doctor, noon, nurse, patient, session, watched
from tests.web.treatment.steps import MINUTE, dosed

__all__ = ["booking", "chair", "decided", "desk", "doctor", "noon", "nurse", "patient", "session", "watched"]
DAY = timedelta(days=1)
NAUSEA = Told(term="nausea", grade="2", serious=NOT_SERIOUS, outcome="recovered")


def tell(patient, site, by, at, *, told=NAUSEA, session=None, key=None) -> Version:
    return actions.tell(patient, site=site, session=session, told=told, by=by, at=at, key=key or ids.new())


def judge(row, by, at, **other):
    told = {"version": row.id, "related": "probable", "expected": "yes", "text": "", "key": ids.new()} | other
    return actions.review(row.root, by=by, at=at, **told)


def report(row, by, at, **other):
    told = {"version": row.id, "how": How.PHONE, "reference": "REMS, call 14:02", "day": zones.day(at, row.site.zone)}
    return actions.report(row.root, by=by, at=at, **(told | {"key": ids.new()} | other))


def stands(row):
    return queries.one(row.patient, row.root)


def open_tasks(row) -> list[str]:
    rows = Task.objects.filter(source__startswith="adverse", patient=row.patient_id).order_by("id")
    return [one.what for one in rows if state(one).open]


def test_what_is_not_serious_is_judged_and_then_done(patient, site, nurse, doctor, noon) -> None:
    key = ids.new()
    row = tell(patient, site, nurse, noon, key=key)
    assert tell(patient, site, nurse, noon, key=key) == row, "sent twice, it is told once"
    assert (row.serious, stands(row).owed) == ("no", Owed.REVIEW)
    assert stands(row).due == zones.day(noon, site.zone) + 7 * DAY
    assert open_tasks(row) == ["adverse.task_review"]
    with pytest.raises(Forbidden):
        judge(row, nurse, noon)
    key = ids.new()
    signed = judge(row, doctor, noon, key=key)
    assert judge(row, doctor, noon, key=key) == signed
    with pytest.raises(Conflict):
        judge(row, doctor, noon)
    assert (stands(row).owed, open_tasks(row)) == (Owed.NOTHING, [])
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Review.objects.update(text="x")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Version.objects.update(serious="no")


@pytest.mark.parametrize("answer", ["yes", "unknown"])
def test_what_is_serious_or_may_be_is_judged_sooner_and_reported(patient, site, nurse, doctor, noon, answer) -> None:
    row = tell(patient, site, nurse, noon, told=replace(NAUSEA, serious={**NOT_SERIOUS, "hospital": answer}))
    assert row.serious == answer
    assert stands(row).due == zones.day(noon, site.zone) + DAY
    judge(row, doctor, noon)
    assert (stands(row).owed, open_tasks(row)) == (Owed.REPORT, ["adverse.task_report"])
    assert [one.row for one in queries.owed_at([site.id])] == [row]
    with pytest.raises(Forbidden):
        report(row, nurse, noon, how=How.NONE)
    key = ids.new()
    sent = report(row, nurse, noon, key=key)
    assert report(row, nurse, noon, key=key) == sent
    assert (stands(row).owed, open_tasks(row)) == (Owed.NOTHING, [])
    assert queries.owed_at([site.id]) == []


def test_a_correction_keeps_the_first_word_and_asks_for_another_judgement(patient, site, nurse, doctor, noon) -> None:
    row = tell(patient, site, nurse, noon, told=replace(NAUSEA, serious={"hospital": "yes"}))
    judge(row, doctor, noon)
    told = {"told": NAUSEA, "reason": "it was another patient's"}
    again = actions.correct(row.root, replaces=row.id, by=nurse, at=noon + MINUTE, key=ids.new(), **told)
    assert (again.serious, again.replaces, again.root) == ("no", row, row.root)
    assert (stands(row).row, stands(row).owed, open_tasks(row)) == (again, Owed.REVIEW, ["adverse.task_review"])
    for late in (
        lambda: actions.correct(row.root, replaces=row.id, by=nurse, at=noon, key=ids.new(), **told),
        lambda: judge(row, doctor, noon),
        lambda: report(row, doctor, noon),
    ):
        with pytest.raises(Conflict):  # two at once: whoever comes second sees first what the other said
            late()
    with pytest.raises(Refused, match="why"):
        actions.correct(row.root, told=NAUSEA, replaces=again.id, reason="", by=nurse, at=noon, key=ids.new())
    assert [one.id for one in queries.versions(row.root)] == [again.id, row.id]


def test_a_correction_of_what_may_be_serious_gives_nobody_new_days(patient, site, nurse, doctor, noon) -> None:
    row = tell(patient, site, nurse, noon, told=replace(NAUSEA, serious={"hospital": "yes"}))
    first = stands(row).due
    told = {"told": replace(NAUSEA, serious={"hospital": "unknown"}), "reason": "heard otherwise"}
    later = actions.correct(row.root, replaces=row.id, by=nurse, at=noon + 3 * DAY, key=ids.new(), **told)
    assert (stands(later).due, stands(later).owed) == (first, Owed.REVIEW)
    assert Task.objects.get(source=f"adverse {later.id}").due.date() <= first + DAY
    judge(later, doctor, noon + 3 * DAY)
    assert stands(later).due == zones.day(noon, site.zone) + 7 * DAY
    report(later, nurse, noon + 3 * DAY)
    again = actions.correct(later.root, replaces=later.id, by=nurse, at=noon + 9 * DAY, key=ids.new(), **told)
    assert stands(again).due == zones.day(noon, site.zone) + 10 * DAY, "what was owed of it had been done"


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        (Told(), "adverse.say_what"),
        (Told(term="sneezing"), "adverse.which_term"),
        (Told(text="x" * 4001), "adverse.too_long"),
        (Told(text="x", grade="6"), "adverse.no_answer"),
        (Told(text="x", serious={"hospital": "perhaps"}), "adverse.no_answer"),
        (Told(text="x", serious={"luck": "no"}), "adverse.no_answer"),
        (Told(text="x", course="gone"), "adverse.no_answer"),
        (Told(text="x", dose=4), "adverse.which_dose"),
        (Told(text="x", onset="2099-01-01"), "adverse.not_yet"),
        (Told(text="x", onset="soon"), "posted.no_day"),
        (Told(text="x", onset="soonTish"), "calling.no_moment"),
        (Told(text="x", grade="5", serious=NOT_SERIOUS), "adverse.death_and_none"),
    ],
)
def test_what_cannot_be_read_or_cannot_be_so_is_refused(patient, site, nurse, noon, told, problem) -> None:
    with pytest.raises(Refused) as refused:
        tell(patient, site, nurse, noon, told=told)
    assert refused.value.id == problem
    assert Version.objects.count() == 0


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        ({"how": "pigeon"}, "adverse.reported_how"),
        ({"day": None}, "adverse.reported_when"),
        ({"reference": ""}, "adverse.reported_proof"),
    ],
)
def test_without_way_day_and_proof_nothing_was_reported(patient, site, nurse, noon, told, problem) -> None:
    row = tell(patient, site, nurse, noon)
    with pytest.raises(Refused) as refused:
        report(row, nurse, noon, **told)
    assert refused.value.id == problem
    with pytest.raises(Refused):
        report(row, nurse, noon, day=zones.day(noon, site.zone) + DAY)
    for wrong in ({"related": ""}, {"expected": "perhaps"}, {"text": "x" * 1001}):
        with pytest.raises(Refused):
            judge(row, row.site and Version.objects.get(pk=row.pk).by, noon, **wrong)


def test_a_treatment_proposes_and_answers_nothing(session, nurse, doctor, noon) -> None:
    dosed(session, nurse, noon)
    at = noon + 20 * MINUTE
    treatment.checks(session, {"nausea": 2, "dissociation": 0, "moaa-s": 5}, by=nurse, at=at, key=ids.new())
    client, address = signed_in(nurse), f"/patients/{session.patient_id}/adverse/"
    page = html.unescape(client.get(f"{address}?session={session.id}", secure=True).content.decode())
    (seq,) = [one.seq for one in session.events.filter(what=What.CHECK, told__contains='"nausea"')]
    assert f"line={seq}" in page
    assert "nausea" in page
    assert page.count("Begin with it") == 1, "what was calm proposes nothing"
    page = client.get(f"{address}?session={session.id}&line={seq}", secure=True).content.decode()
    assert '<option value="nausea">Proposed: Nausea' in page
    assert "evidence, not an answer" in page
    assert f'value="{zones.field(at, session.site.zone)[11:]}"' in page
    dose = session.events.filter(what=What.DOSE).last().seq
    assert f'<option value="{dose}" selected>' in page
    sent = {"key": str(ids.new()), "session": str(session.id), "line": str(seq), "term": "nausea", "dose": str(dose)}
    with CaptureQueriesContext(connection) as found:
        client.get(f"{address}?session={session.id}", secure=True)
    assert len(found) <= 15
    answer = client.post(address, sent, secure=True)
    assert answer.status_code == 302, answer.content.decode()
    (one,) = queries.of_session(session.id)
    assert one.row.serious == "unknown", "nobody said that it is not"
    assert "nausea" in " ".join(one.told.evidence)
    assert (one.told.grade, one.told.related) == ("", "")
    client = signed_in(doctor)
    with CaptureQueriesContext(connection) as found:
        page = html.unescape(client.get(answer["Location"], secure=True).content.decode())
    assert len(found) <= 15
    assert "label of the esketamine nasal spray (United States): 6.1" in page
    assert "ICD-10-CM R11.0" in page
    assert "28 mg · Lot number A17" in page


def test_the_monitoring_form_and_the_event_show_each_other(session, nurse, noon) -> None:
    at = over(session, nurse, noon)
    told = replace(NAUSEA, serious={"hospital": "yes"})
    tell(session.patient, session.site, nurse, at, told=told, session=session)
    client = signed_in(nurse)
    page = html.unescape(client.get(f"/sessions/{session.id}/rems/", secure=True).content.decode())
    assert "Adverse event written down: Nausea" in page
    assert f"/patients/{session.patient_id}/adverse/?session={session.id}" in page
    form = {"ready": "140", "acceptable_before": "yes", "acceptable_after": "yes", "sedation": "no", "first": "no"}
    form |= {"dissociation": "yes", "respiratory": "no", "serious": "yes", "serious.text": "an ambulance came"}
    sign_form(session, nurse, at, answered=form)
    page = client.get(f"/patients/{session.patient_id}/adverse/?session={session.id}&line=0", secure=True)
    assert "an ambulance came" in page.content.decode()


def test_what_is_owed_stands_on_the_page_of_who_works_there(patient, site, nurse, desk, noon) -> None:
    tell(patient, site, nurse, noon)
    page = html.unescape(signed_in(nurse).get("/adverse/", secure=True).content.decode())
    assert "To be judged by" in page
    assert "Nausea" in page
    assert signed_in(desk).get("/adverse/", secure=True).status_code == 403
    with pytest.raises(Forbidden):
        tell(patient, site, desk, noon)
