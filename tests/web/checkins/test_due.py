"""Does the clock ask for every check-in once, by mail that says nothing, and for none while nothing goes to the patient?"""

from __future__ import annotations

from datetime import timedelta

from daybreak.web import ids
from daybreak.web.audit.models import Entry
from daybreak.web.checkins.due import ask_due
from daybreak.web.checkins.models import CheckIn
from daybreak.web.courses.models import What
from daybreak.web.forms import actions as forms
from daybreak.web.forms.models import Mode, Sitting
from daybreak.web.links.models import FORM, Link
from daybreak.web.outbox.models import Message
from daybreak.web.reach import standings
from daybreak.web.reach.models import HOSPITAL, Reach
from daybreak.web.tasks.models import Task
from tests.web.conftest import NOW
from tests.web.courses.test_courses import happens
from tests.web.forms.filling import values

STARTS = NOW + timedelta(days=6)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PHQ, LOOK = "assessment:phq-9", "checkins.task_look"


def asked() -> list[str]:
    return list(CheckIn.objects.order_by("created", "occasion").values_list("occasion", flat=True))


def test_before_a_treatment_and_after_it_each_once(planned, given) -> None:
    booking = planned(STARTS)
    assert ask_due(at=STARTS - 49 * HOUR) == 0
    assert ask_due(at=STARTS - 48 * HOUR) == 1
    assert ask_due(at=STARTS - 47 * HOUR) == 0, "two clocks ask for it once"
    assert ask_due(at=STARTS - 23 * HOUR) == 1
    assert ask_due(at=STARTS - HOUR) == 1
    assert asked() == ["before-48h", "before-24h", "before-2h"]
    given(booking, STARTS)
    assert ask_due(at=STARTS + 23 * HOUR) == 0
    assert ask_due(at=STARTS + 25 * HOUR) == 1
    assert ask_due(at=STARTS + 73 * HOUR) == 1
    assert ask_due(at=STARTS + 7 * DAY) == 1
    assert asked()[3:] == ["after-24h", "after-72h", "weekly"]


def test_its_link_opens_that_form_until_it_closes_and_its_mail_names_nothing(planned) -> None:
    planned(STARTS)
    at = STARTS - 47 * HOUR
    ask_due(at=at)
    row, link, message = CheckIn.objects.get(), Link.objects.get(purpose=FORM), Message.objects.get(about__isnull=False)
    assert (link.purpose, link.subject, link.expires, link.by) == (FORM, row.sitting_id, row.closes, None)
    assert (row.message, message.link, message.text) == (message, link, "reach.waits")
    assert (row.sitting.form, row.sitting.mode, row.sitting.by) == ("checkin:ready", Mode.LINK, None)
    lines = Entry.objects.filter(at=at, action__in=("check_in_asked", "form_asked", "link_made"))
    assert {(one.who, one.via) for one in lines} == {(None, "clock")}
    assert len(lines) == 3


def test_who_has_answered_is_not_asked_the_same_again(planned, desk) -> None:
    planned(STARTS)
    ask_due(at=STARTS - 48 * HOUR)
    for question, value in (("way-home", "yes"), ("ill", "no"), ("medicines", "no")):
        forms.answer(CheckIn.objects.get().sitting, question, value, by=None, at=STARTS - 40 * HOUR)
    assert not Task.objects.filter(what=LOOK).exists()
    ask_due(at=STARTS - 23 * HOUR)
    assert asked() == ["before-48h"]


def test_an_answer_that_needs_a_look_is_a_nurses_task(planned) -> None:
    planned(STARTS)
    at = STARTS - 48 * HOUR
    ask_due(at=at)
    sitting = CheckIn.objects.get().sitting
    for question, value in (("way-home", "no"), ("ill", "yes"), ("which-illness", "a cold"), ("medicines", "no")):
        forms.answer(sitting, question, value, by=None, at=at)
    (task,) = Task.objects.filter(what=LOOK)
    assert (task.due, task.role) == (at + 24 * HOUR, "nurse")
    assert task.where.endswith(f"/forms/{sitting.id}/")


def test_while_nothing_goes_to_the_patient_nothing_is_asked(planned, desk, patient) -> None:
    planned(STARTS)
    told = {"since": None, "note": "", "seen": 0, "by": desk, "key": ids.new()}
    standings.say(patient, HOSPITAL, at=STARTS - 50 * HOUR, **told)
    ask_due(at=STARTS - 47 * HOUR)
    assert not Sitting.objects.exists()


def test_who_is_not_written_to_is_called_once_instead(planned, desk, patient) -> None:
    first = Reach.objects.get()
    Reach.objects.create(
        id=ids.new(), organisation_id=first.organisation_id, created=NOW, patient=patient, by=desk, replaces=first
    )
    planned(STARTS)
    assert ask_due(at=STARTS - 47 * HOUR) == ask_due(at=STARTS - 23 * HOUR) == 0
    assert set(CheckIn.objects.values_list("message", flat=True)) == {None}
    assert Task.objects.filter(what="reach.task_call").count() == 1


def test_a_phq_9_that_was_due_is_answered_into_the_record_and_pages_at_once(planned, given, patient) -> None:
    booking = planned(STARTS)
    given(booking, STARTS)
    at = STARTS + 7 * DAY
    ask_due(at=at)
    sitting = CheckIn.objects.get(occasion="weekly").sitting
    assert sitting.form == PHQ
    for n in range(1, 10):
        forms.answer(sitting, str(n), "1", by=None, at=at)
        assert Task.objects.filter(kind="suicide").count() == (n == 9)
    for question in ("intent", "plan", "act", "worse", "where"):
        forms.answer(sitting, f"followup.{question}", "no", by=None, at=at)
    assert values(patient)["phq-9"] == 9


def test_what_went_wrong_is_tried_again_and_its_words_stay_out_of_the_log(planned, monkeypatch, caplog) -> None:
    planned(STARTS)

    def wrong(*args, **told):
        raise RuntimeError("Quill")

    with monkeypatch.context() as broken:
        broken.setattr(forms, "ask_by_itself", wrong)
        assert ask_due(at=STARTS - 23 * HOUR) == 0
    assert "RuntimeError" in caplog.text
    assert "Quill" not in caplog.text
    assert ask_due(at=STARTS - 22.9 * HOUR) == 1


def test_a_visit_that_was_told_of_without_a_session_counts_too(planned, desk, course) -> None:
    happens(planned(STARTS), What.ARRIVED, desk)
    assert ask_due(at=STARTS + 25 * HOUR) == 1
    assert asked() == ["after-24h"]
