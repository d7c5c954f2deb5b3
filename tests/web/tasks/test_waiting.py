"""Does an answer about suicide wait for the day only where a prescriber signed for it and all is known, and never for longer?"""

from __future__ import annotations

import html
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from daybreak.clinical.answers import UNREADABLE
from daybreak.clinical.records import Observation, on
from daybreak.knowledge import functions
from daybreak.knowledge.suicide import calling as rule
from daybreak.web import ids
from daybreak.web.assessments import plan
from daybreak.web.forms import actions as forms
from daybreak.web.forms import makers
from daybreak.web.forms.models import Mode, Sitting
from daybreak.web.outbox.models import Message
from daybreak.web.patients import records
from daybreak.web.people import grants
from daybreak.web.switches.models import Function
from daybreak.web.tasks import actions, paging, promise, safety_plan, waiting
from daybreak.web.tasks.models import Level, Raised, Task, Waits
from tests.web.conftest import NOW, signed_in
from tests.web.forms.filling import asked
from tests.web.reach.samples import reached as writable
from tests.web.switches.samples import switch
from tests.web.tasks.calls import answer

MINUTE = timedelta(minutes=1)
ASKED = ("intent", "plan", "act", "worse")


def planned(patient: Any, by: Any, at: Any = NOW, **said: str) -> None:
    form = f"plan:{plan.NAME}"
    sitting = forms.ask(patient, form, mode=Mode.DESK, language="en", by=by, at=at, key=ids.new())
    told = {one.id: "call my brother" for one in makers.form(form, "en").questions} | said
    forms.fill(sitting, told, minutes=5, by=by, at=at, key=ids.new())


@pytest.fixture
def signed(site, lee, ines, patient, on_call) -> Sitting:
    """Everything that the rule asks for is there; the form that the patient answers at home."""
    switch(site, Function.URGENCY, ines, at=NOW)
    writable(patient, lee)
    answered_before(patient)
    planned(patient, lee)
    return asked(patient, lee)


def answered_before(patient: Any, value: Any = Decimal(1), days: int = 7, at: Any = NOW) -> None:
    """By rows alone: nobody is called for what was then."""
    at -= timedelta(days=days)
    record = Observation("", "phq-9.item-9", value, on(at.date()))
    records.entry(record, patient=patient, by=None, at=at, from_patient=True).save(force_insert=True)


def says(sitting: Sitting, at: Any = NOW, **told: str) -> None:
    for question, value in told.items():
        forms.answer(sitting, question, value, by=None, at=at)


def follows(sitting: Sitting, at: Any = NOW + MINUTE, **other: str) -> None:
    for one in ASKED:
        forms.answer(sitting, f"followup.{one}", other.get(one, "no"), by=None, at=at)


def levels() -> list[str]:
    return sorted(Task.objects.values_list("level", flat=True))


def passes(minutes: int) -> None:
    waiting.raise_due(at=NOW + minutes * MINUTE)
    paging.call_due(at=NOW + minutes * MINUTE)


def test_it_is_a_task_of_a_named_person_within_their_hours_and_nobody_is_called(signed, site, patient, ines) -> None:
    says(signed, **{"9": "1"})
    follows(signed)
    passes(30)
    task = Task.objects.get()
    assert (task.level, task.owner, task.calls.count()) == (Level.TODAY, ines, 0)
    assert task.due == NOW + rule().today
    assert [one.person for one in Message.objects.filter(about=task.id)] == [ines], "a notice, once"
    said = promise.words(site.id, patient.id, at=NOW + MINUTE, language="en")
    assert said.startswith("Ines of the clinic sees to your answer by 2026-11-24 17:00")


def test_what_nobody_can_read_is_now_and_a_blank_waits(signed, site, patient) -> None:
    for value, waits in ((UNREADABLE, True), ("sometimes", False), (Decimal(3), False)):
        record = Observation("", "phq-9.item-9", value, on(NOW.date()))
        found = waiting.day(patient, [record], site_id=site.id, by=None, at=NOW)
        assert (found is not None) is waits, value


@pytest.mark.parametrize("unsigned", ["never", "off", "another text"])
def test_without_a_signature_on_this_very_text_it_is_now(signed, site, ines, unsigned, monkeypatch) -> None:
    if unsigned == "another text":
        monkeypatch.setitem(functions.functions()["urgency"]["does"], "en", "More waits.")
    else:
        switch(site, Function.URGENCY, ines, on=False)
    says(signed, **{"9": "1"})
    assert levels() == [Level.NOW]


@pytest.mark.parametrize("lacks", ["value", "worse", "plan said nothing", "nobody there", "an urgent one"])
def test_what_the_rule_does_not_find_is_now(signed, site, patient, lee, ines, lacks, person) -> None:
    value = {"value": "3", "worse": "2"}.get(lacks, "1")
    if lacks == "plan said nothing":
        nothing = dict.fromkeys((one.id for one in makers.form(f"plan:{plan.NAME}", "en").questions), "not-said")
        planned(patient, lee, at=NOW + MINUTE, **nothing)
    if lacks == "nobody there":
        for one in (lee, ines):
            grants.disable(one, by=None, at=NOW)
    if lacks == "an urgent one":
        answer(patient, lee, 1, kind="madrs.item-10")
    says(signed, **{"9": value})
    assert Level.TODAY not in levels()


def test_a_yes_to_what_follows_calls_at_once(signed) -> None:
    says(signed, **{"9": "1"})
    follows(signed, act="yes")
    assert levels() == [Level.NOW, Level.TODAY]
    assert Task.objects.get(level=Level.NOW).calls.count() == 3


@pytest.mark.parametrize("left", ["silence", "not-said"])
def test_what_follows_left_open_is_now_after_the_wait(signed, left) -> None:
    says(signed, **{"9": "1"})
    says(signed, **{"followup.intent": "no"})
    if left == "not-said":
        says(signed, **{"followup.plan": "not-said"})
        assert levels() == [Level.NOW, Level.TODAY], "at once"
        return
    passes(9)
    assert levels() == [Level.TODAY]
    for _ in range(2):
        passes(10)
    assert levels() == [Level.NOW, Level.TODAY]
    assert Raised.objects.get().why == "left_open"
    assert Task.objects.get(level=Level.NOW).calls.filter(called__isnull=False).count() == 1


def test_a_blank_alone_waits_for_the_day(signed) -> None:
    says(signed, **{"9": "not-said"})
    passes(60)
    assert levels() == [Level.TODAY]
    assert Waits.objects.get().until is None


@pytest.mark.parametrize("why", ["late", "nobody", "set_back"])
def test_what_may_wait_no_longer_calls(signed, ines, lee, why) -> None:
    says(signed, **{"9": "1"})
    follows(signed)
    if why == "nobody":
        grants.disable(ines, by=None, at=NOW + MINUTE)
    at = {"late": NOW + rule().today + MINUTE, "nobody": NOW + 2 * MINUTE, "set_back": NOW - 60 * MINUTE}[why]
    waiting.raise_due(at=at)
    assert Raised.objects.get().why == why
    assert levels() == [Level.NOW, Level.TODAY]


def test_what_was_assessed_waits_for_nothing(signed, ines) -> None:
    says(signed, **{"9": "1"})
    task = Task.objects.get()
    actions.assess(task, assessment="no intent", plan="seen tomorrow", by=ines, at=NOW + MINUTE, key=ids.new())
    passes(24 * 60)
    assert levels() == [Level.TODAY]


def test_what_staff_wrote_down_calls_as_ever(signed, patient, lee) -> None:
    answer(patient, lee, 1)
    assert levels() == [Level.NOW]


def test_the_text_that_is_signed_says_the_numbers_of_the_rule() -> None:
    does, now = functions.functions()["urgency"]["does"]["en"], rule()
    assert f"within {int(now.wait.total_seconds() // 60)} minutes" in does
    assert f"last {now.urgency.plan_days} days" in does
    assert f"within {int(now.staffed.total_seconds() // 3600)} hours" in does
    assert (now.urgency.before_days, "last four weeks" in does) == (28, True)
    assert f"plan:{plan.NAME}" == safety_plan.FORM


def test_the_page_of_the_task_says_where_they_are_and_leads_to_their_plan(signed, site, patient, ines) -> None:
    says(signed, **{"9": "1"})
    client = signed_in(ines)
    address = f"/tasks/{Task.objects.get().id}/"
    follows(signed)
    says(signed, **{"followup.where": "At my sister's, 555-0142"})
    page = html.unescape(client.get(address, secure=True).content.decode())
    assert "At my sister's, 555-0142" in page[page.index('id="unreached"') : page.index('id="tried"')]
    found = safety_plan.newest(patient.id)
    assert f'href="/patients/{patient.id}/forms/{found.sitting}/">Their safety plan of 2026-11-24' in page
    assert client.get(f"/patients/{patient.id}/forms/{found.sitting}/", secure=True).status_code == 200
    nothing = dict.fromkeys((one.id for one in makers.form(f"plan:{plan.NAME}", "en").questions), "not-said")
    planned(patient, ines, at=NOW + MINUTE, **nothing)
    assert "No safety plan of theirs" in client.get(address, secure=True).content.decode(), "an empty one is none"
