"""Do patients see their own scores, with the treatments, after the year of birth and not before?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from daybreak.web.audit.models import Entry
from daybreak.web.checkins.own import own, told
from daybreak.web.forms import actions as forms
from daybreak.web.forms.models import Mode
from daybreak.web.links.tokens import token
from daybreak.web.patients import queries
from daybreak.web.words import word
from tests.web.conftest import NOW, browser
from tests.web.forms.filling import asked, link_to

STARTS, DAY = NOW + timedelta(days=6), timedelta(days=1)


def answered(patient, by, points, *, at):
    sitting = asked(patient, by, mode=Mode.LINK)
    for n in range(1, 10):
        forms.answer(sitting, str(n), points if n < 9 else "0", by=None, at=at)
    return sitting


def test_the_curve_has_every_score_and_every_treatment_and_says_so_in_words(planned, given, patient, doctor) -> None:
    before = own(patient, "phq-9").scores
    answered(patient, doctor, "2", at=STARTS - DAY)
    given(planned(STARTS), STARTS)
    answered(patient, doctor, "1", at=STARTS + 7 * DAY)
    shown = told(own(queries.Patient.objects.get(pk=patient.pk), "phq-9"), "zh-Hans")
    days = [(STARTS + n * DAY).date().isoformat() for n in (-1, 7)]
    assert shown["lines"][len(before) :] == [(days[0], 16, 1), (days[1], 8, 0)]
    assert shown["drawn"].count("<circle") == len(before) + 2
    assert shown["drawn"].count(word("checkins.own_treatment", "zh-Hans")) == 2, "the sign, and what it means"
    assert f"{days[1]} 为 8 分" in shown["sentence"]


def test_it_is_shown_after_the_year_of_birth_alone(patient, doctor) -> None:
    nothing = told(own(patient, "phq-9"), "en")
    assert (nothing["sentence"], nothing["drawn"]) == (word("checkins.own_none", "en"), "")
    sitting = answered(patient, doctor, "2", at=datetime.now(UTC))
    client = browser()
    client.post(f"/l/{token(link_to(sitting))}/", secure=True)
    assert "/form/own/" in client.get("/form/done/", secure=True).content.decode()
    assert "16" not in client.get("/form/own/", secure=True).content.decode().partition("<main")[2]
    wrong = client.post("/form/own/", {"year": "1900"}, secure=True)
    assert (wrong.status_code, "<svg" in wrong.content.decode()) == (422, False)
    year = queries.details(patient).birth[:4]
    assert client.post("/form/own/", {"year": year}, secure=True).status_code == 302
    page = client.get("/form/own/", secure=True).content.decode()
    assert "<svg" in page
    assert "There is one score so far: 16 on" in page
    assert Entry.objects.filter(object_type="own_scores", subject=patient.id, who=None, via="link").count() == 1


def test_a_form_without_a_score_has_no_such_page(patient, doctor) -> None:
    sitting = asked(patient, doctor, form_id="checkin:mood")
    forms.answer(sitting, "mood", "4", by=None, at=datetime.now(UTC))
    client = browser()
    client.post(f"/l/{token(link_to(sitting))}/", secure=True)
    assert "/form/own/" not in client.get("/form/done/", secure=True).content.decode()
    assert client.get("/form/own/", secure=True).status_code == 404
