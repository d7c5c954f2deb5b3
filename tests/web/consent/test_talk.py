"""Is consent asked for only from somebody who can give it, in a language that they understand, and explained by a person?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from daybreak.web import ids
from daybreak.web.audit.models import Entry
from daybreak.web.consent import actions, queries, states
from daybreak.web.consent.items import DONE, OPEN, STILL, WAITS, items
from daybreak.web.consent.models import Step, Talk
from daybreak.web.people import actions as people
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.tasks.models import Event, Task
from daybreak.web.tasks.queries import still_open
from tests.web.conftest import NOW
from tests.web.consent.samples import TOLD, VEIN, begun, understood
from tests.web.patients.samples import registered


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"clear": "no"}, "consent.not_now"),
        ({"clear": ""}, "consent.say_clear"),
        ({"capacity": "no"}, "consent.no_capacity"),
        ({"capacity": ""}, "consent.say_capacity"),
        ({"capacity": "represented", "representative": "Ben Keller"}, "consent.who_represents"),
        ({"mode": "letter"}, "consent.say_how"),
        ({"language": "fr"}, "consent.say_how"),
        ({"spoken_in": ""}, "consent.say_how"),
        ({"interpreter_is": "relative", "interpreter": "her brother"}, "consent.no_relative"),
        ({"interpreter_is": "professional"}, "consent.who_interprets"),
        ({"interpreter_is": "none", "interpreter": "4711"}, "consent.who_interprets"),
        ({"interpreter_is": ""}, "consent.who_interprets"),
        ({"note": "x" * 1001}, "consent.too_long"),
    ],
)
def test_a_talk_that_is_none_is_refused(anna, doctor, told, why) -> None:
    with pytest.raises(Refused) as refused:
        begun(anna, doctor, **told)
    assert refused.value.id == why
    assert not Talk.objects.exists()


def test_an_interpreter_and_a_representative_are_kept_by_name(anna, doctor) -> None:
    talk = begun(
        anna,
        doctor,
        spoken_in="Tigrinya",
        interpreter_is="professional",
        interpreter="No. 4711",
        capacity="represented",
        representative="Ben Keller",
        ground="court order of 2026-02-01",
    )
    assert (talk.interpreter, talk.representative, talk.by) == ("No. 4711", "Ben Keller", doctor)
    assert Entry.objects.filter(action="consent_talked", subject=anna.id, who=doctor.id).count() == 1


@pytest.mark.parametrize(
    ("birth", "why"),
    [
        ("2008-11-25", "consent.too_young"),
        ("2008-11", "consent.birth_unknown"),
        ("2008", "consent.birth_unknown"),
        ("", "consent.birth_unknown"),
    ],
)
def test_who_is_or_may_be_under_18_is_told_so_kindly(site, doctor, birth, why) -> None:
    with pytest.raises(Refused) as refused:
        begun(registered(site, doctor, birth=birth), doctor)
    assert refused.value.id == why
    assert "18" in refused.value.sentence("zh-hans")


@pytest.mark.parametrize("birth", ["2008-11-24", "2007-10", "2007"])
def test_who_is_certainly_18_can_consent(site, doctor, birth) -> None:
    assert begun(registered(site, doctor, birth=birth), doctor).pk


def test_between_a_first_dose_and_discharge_nobody_consents(anna, doctor, monkeypatch) -> None:
    talk = understood(begun(anna, doctor))
    monkeypatch.setattr(states, "AGAINST", ("tests.web.consent.test_talk.in_a_session",))
    with pytest.raises(Refused, match="sedated"):
        begun(anna, doctor)
    with pytest.raises(Refused, match="sedated"):
        actions.sign(talk, name="Anna", clear="yes", read="shown", how="tablet", by=None, at=NOW, key=ids.new())


def in_a_session(patient, at) -> str:
    return "consent.not_now"


def test_only_who_writes_at_the_patients_site_talks(site, anna, doctor, person) -> None:
    harbour = people.found(organisation="Dawn", site="Harbour", rooms=[], at=NOW)
    for who in (person("fay", Role.FRONT_DESK), person("hana", Role.PRESCRIBER, at_site=harbour)):
        with pytest.raises(Forbidden):
            begun(anna, who)
        with pytest.raises(Forbidden):
            actions.say(begun(anna, doctor), "off-label", "understood", by=who, at=NOW)


def test_the_same_form_twice_is_one_talk(anna, doctor) -> None:
    key = ids.new()
    first, second = (actions.begin(anna, VEIN, TOLD, by=doctor, at=NOW, key=key) for _ in range(2))
    assert first == second
    with pytest.raises(Conflict):
        actions.begin(anna, VEIN, replace(TOLD, mode="phone"), by=doctor, at=NOW, key=key)


def test_there_is_no_other_document(anna, doctor) -> None:
    with pytest.raises(Refused) as refused:
        begun(anna, doctor, "nothing")
    assert refused.value.id == "consent.no_document"


def state(talk, item) -> str:
    return next(one.state for one in items(talk) if one.id == item)


def test_a_question_about_a_statement_waits_for_a_person(anna, doctor) -> None:
    talk = begun(anna, doctor)
    assert state(talk, "off-label") == OPEN
    actions.say(talk, "off-label", "asks", by=None, at=NOW)
    assert state(talk, "off-label") == WAITS
    with pytest.raises(Conflict):
        actions.say(talk, "off-label", "understood", by=None, at=NOW)
    actions.explain(talk, "off-label", by=doctor, at=NOW)
    assert state(talk, "off-label") == OPEN
    actions.say(talk, "off-label", "understood", by=None, at=NOW)
    assert state(talk, "off-label") == DONE


def test_a_wrong_answer_is_explained_and_asked_again_and_both_stay(anna, doctor) -> None:
    talk = begun(anna, doctor)
    actions.say(talk, "approved", "0", by=None, at=NOW)
    assert state(talk, "approved") == WAITS
    actions.explain(talk, "approved", by=doctor, at=NOW)
    actions.explain(talk, "approved", by=doctor, at=NOW)
    actions.say(talk, "approved", "1", by=None, at=NOW)
    assert state(talk, "approved") == DONE
    steps = Step.objects.filter(talk=talk).order_by("seq").values_list("what", "value", "by")
    assert list(steps) == [("answer", "0", None), ("explained", "", doctor.id), ("answer", "1", None)]


def test_an_answer_never_refuses_by_itself(anna, doctor) -> None:
    talk = begun(anna, doctor)
    actions.say(talk, "approved", "0", by=None, at=NOW)
    with pytest.raises(Refused, match="not been answered or explained"):
        actions.sign(talk, name="Anna", clear="yes", read="shown", how="tablet", by=None, at=NOW, key=ids.new())
    actions.explain(talk, "approved", by=doctor, at=NOW)
    actions.say(talk, "approved", "0", by=None, at=NOW)
    assert state(talk, "approved") == STILL
    understood(talk)
    assert actions.sign(talk, name="Anna", clear="yes", read="shown", how="here", by=doctor, at=NOW, key=ids.new()).pk


def test_the_same_answer_again_changes_nothing_and_no_answer_is_none(anna, doctor) -> None:
    talk = begun(anna, doctor)
    for _ in range(2):
        actions.say(talk, "off-label", "understood", by=None, at=NOW)
        actions.say(talk, "approved", "1", by=None, at=NOW)
    assert Step.objects.count() == 2
    for item, value in (
        ("off-label", ""),
        ("off-label", "1"),
        ("approved", "2"),
        ("approved", "understood"),
        ("x", "asks"),
    ):
        with pytest.raises(Refused):
            actions.say(talk, item, value, by=None, at=NOW)
    assert Step.objects.count() == 2


def waits(talk) -> list[Task]:
    return list(still_open(Task.objects.filter(patient=talk.patient)).order_by("id"))


def test_a_question_by_the_patient_alone_becomes_a_task_and_explaining_ends_it(anna, doctor) -> None:
    talk = begun(anna, doctor)
    actions.say(talk, "off-label", "asks", by=None, at=NOW)
    actions.say(talk, "mind", "asks", by=None, at=NOW)
    (task,) = waits(talk)
    assert (task.level, task.role, task.by) == ("today", "nurse", None)
    assert task.where == f"/patients/{anna.id}/consents/{talk.id}/"
    actions.explain(talk, "off-label", by=doctor, at=NOW)
    assert waits(talk) == [task], "another one still waits"
    actions.explain(talk, "mind", by=doctor, at=NOW)
    assert waits(talk) == []
    assert Event.objects.get(task=task).by == doctor
    actions.say(talk, "off-label", "asks", by=None, at=NOW)
    assert len(waits(talk)) == 1, "asked again it is another task"


@pytest.mark.parametrize(("item", "value"), [("worse-thoughts", "2"), ("worse-thoughts", "1"), ("suicide", "asks")])
def test_about_thoughts_of_suicide_somebody_is_called_at_once(anna, doctor, item, value) -> None:
    talk = begun(anna, doctor)
    actions.say(talk, "mind", "asks", by=None, at=NOW)
    actions.say(talk, item, value, by=None, at=NOW)
    calm, now = waits(talk)
    assert (calm.level, now.level, now.role) == ("today", "now", "prescriber")
    assert now.calls.exists()
    actions.explain(talk, item, by=doctor, at=NOW)
    assert waits(talk) == [calm]


def test_what_staff_read_out_is_explained_there_and_makes_no_task(anna, doctor) -> None:
    talk = begun(anna, doctor)
    actions.say(talk, "worse-thoughts", "2", by=doctor, at=NOW)
    assert waits(talk) == []


def test_who_still_answers_otherwise_does_not_sign_alone_and_somebody_is_told(anna, doctor) -> None:
    talk = begun(anna, doctor)
    actions.say(talk, "approved", "0", by=None, at=NOW)
    actions.explain(talk, "approved", by=doctor, at=NOW)
    actions.say(talk, "approved", "0", by=None, at=NOW)
    (task,) = waits(talk)
    assert task.what == "consent.task_present"
    understood(talk)
    for how in ("link", "tablet"):
        with pytest.raises(Refused) as refused:
            actions.sign(talk, name="Anna Keller", clear="yes", read="shown", how=how, by=None, at=NOW, key=ids.new())
        assert refused.value.id == "consent.still_here"
    actions.sign(talk, name="Anna Keller", clear="yes", read="shown", how="here", by=doctor, at=NOW, key=ids.new())
    assert waits(talk) == []


def test_who_cannot_decide_does_not_sign_but_the_representative_beside_staff(anna, doctor) -> None:
    talk = understood(
        begun(anna, doctor, capacity="represented", representative="Ben Court", ground="court 2026-02-01")
    )

    def sign(name: str, by) -> str:
        with pytest.raises(Refused) as refused:
            actions.sign(talk, name=name, clear="yes", read="shown", how="link", by=by, at=NOW, key=ids.new())
        return refused.value.id

    assert sign("Ben Court", None) == "consent.represented_here"
    assert sign("Anna Keller", doctor) == "consent.representative_signs"
    assert sign("", doctor) == "consent.name_missing"
    actions.sign(talk, name="ben  court", clear="yes", read="shown", how="here", by=doctor, at=NOW, key=ids.new())
    assert queries.missing(anna, "ketamine-iv-consensus", at=NOW) is None
