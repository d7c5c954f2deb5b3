"""Do staff see before a visit what was said at home, and of how many anybody heard again, with nothing unknown made good?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from daybreak.clinical.followup.coverage import Covered
from daybreak.web import ids
from daybreak.web.checkins import before, followed
from daybreak.web.checkins.due import ask_due
from daybreak.web.checkins.models import CheckIn
from daybreak.web.forms import actions as forms
from daybreak.web.forms.form import NOT_KNOWN, NOT_SAID
from daybreak.web.forms.models import Mode, Sitting
from daybreak.web.people.roles import Role
from daybreak.web.words import word
from tests.web.conftest import NOW, signed_in

STARTS = NOW + timedelta(days=6)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def said(patient, *, at) -> list[tuple[str, bool, bool]]:
    mine = Sitting.objects.filter(patient=patient).select_related("checkin")
    every = [line for one in before.told(mine, at=at, language="en") for line in one["lines"]]
    return [(line["said"], line["open"], line["look"]) for line in every]


def test_what_was_said_before_a_treatment_and_what_was_not(planned, patient) -> None:
    planned(STARTS)
    at = STARTS - 48 * HOUR
    assert said(patient, at=at) == []
    ask_due(at=at)
    nothing = word("checkins.no_answer", "en")
    assert said(patient, at=at) == [(nothing, True, False)] * 3
    sitting = CheckIn.objects.get().sitting
    for question, value in (("way-home", "no"), ("ill", NOT_KNOWN)):
        forms.answer(sitting, question, value, by=None, at=at)
    told = [("Not yet", False, True), ("I do not know", True, False), (nothing, True, False)]
    assert said(patient, at=at) == told
    mine = Sitting.objects.filter(patient=patient).select_related("checkin")
    assert before.of(patient, at=at, language="en") == before.told(mine, at=at, language="en")
    ask_due(at=STARTS - 23 * HOUR)
    assert CheckIn.objects.count() == 2
    assert said(patient, at=STARTS - 23 * HOUR) == told, "asked again, and nothing said since"
    assert said(patient, at=STARTS + DAY) == []


def test_the_card_stands_on_the_page_of_the_patient(planned, patient, person) -> None:
    starts = datetime.now(UTC) + 30 * HOUR
    planned(starts)
    client = signed_in(person("lee", Role.NURSE))
    page = f"/patients/{patient.id}/"
    assert word("checkins.before", "en") not in client.get(page, secure=True).content.decode()
    ask_due(at=datetime.now(UTC))
    content = client.get(page, secure=True).content.decode()
    assert word("checkins.before", "en") in content
    assert word("checkins.not_answered", "en") in content


def test_who_answered_in_time_was_heard_of_by_whatever_door(planned, given, course, desk, doctor) -> None:
    given(planned(STARTS), STARTS)
    site, patient = course.site, course.patient

    def counted(at) -> list[tuple[str, int, int, int]]:
        return [(one.window, one.heard, one.treated, one.waiting) for one in followed.of(site, at=at)]

    assert counted(STARTS + HOUR) == [("day", 0, 0, 1), ("two-weeks", 0, 0, 1), ("four-weeks", 0, 0, 1)]
    told = {"language": "en", "by": doctor, "key": ids.new()}
    sitting = forms.ask(patient, "checkin:mood", mode=Mode.PHONE, at=STARTS + 20 * HOUR, **told)
    forms.answer(sitting, "mood", NOT_SAID, by=doctor, at=STARTS + 20 * HOUR)
    assert counted(STARTS + 49 * HOUR)[0] == ("day", 0, 1, 0), "who would rather not say was not heard of"
    forms.answer(sitting, "mood", "4", by=doctor, at=STARTS + 21 * HOUR)
    assert counted(STARTS + 49 * HOUR)[0] == ("day", 1, 1, 0)
    assert followed.of(site, at=STARTS + 20 * DAY)[1] == Covered("two-weeks", 0, 1, 0)


def test_who_was_asked_and_is_silent_is_named_until_they_answer(planned, patient, person) -> None:
    planned(datetime.now(UTC) + 2 * DAY)
    ask_due(at=datetime.now(UTC))
    row = CheckIn.objects.get()
    ended = datetime.now(UTC) - DAY
    sitting = forms.ask_by_itself(patient, row.sitting.form, site_id=row.sitting.site_id, language="en", at=ended)
    told = {"opens": ended - DAY, "closes": ended, "key": "an earlier one", "occasion": "weekly", "sitting": sitting}
    about = {"organisation_id": row.organisation_id, "created": ended - DAY, "patient": patient, "course": row.course}
    CheckIn.objects.create(id=ids.new(), **told, **about)
    client = signed_in(person("lee", Role.NURSE))
    page = client.get("/checkins/", secure=True).content.decode()
    assert page.count(f"/forms/{sitting.id}/") == 1
    assert str(row.sitting_id) not in page, "it can still be answered"
    assert word("checkins.not_sent", "en") in page
    forms.answer(sitting, "ill", "no", by=None, at=datetime.now(UTC))
    assert str(sitting.id) not in client.get("/checkins/", secure=True).content.decode()
