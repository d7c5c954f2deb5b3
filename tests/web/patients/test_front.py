"""Does the front of a record say what waits, what was asked and who referred the patient, to whom that is for?"""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from daybreak.web import ids
from daybreak.web.courses.models import Course, CourseEnd, Taken
from daybreak.web.forms import actions as forms
from daybreak.web.forms.models import Ended, Mode
from daybreak.web.people import actions as people
from daybreak.web.people.permissions import Permission
from daybreak.web.people.roles import Role
from daybreak.web.referral import actions as referrals
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Kind, Level
from tests.web.conftest import NOW, signed_in
from tests.web.patients.samples import registered
from tests.web.reach import samples as reach
from tests.web.referral.samples import made
from tests.web.screening import samples as signed

PHQ, INTAKE, PLAN = "assessment:phq-9", "intake:intake", "plan:safety-plan"


@pytest.fixture
def lee(person):
    return person("lee", Role.NURSE)


@pytest.fixture
def patient(site, lee):
    return registered(site, lee)


def front(who: Any, patient: Any, language: str = "en") -> str:
    client = signed_in(who)
    client.post("/language/", {"language": language, "next": "/me/"}, secure=True)
    return client.get(f"/patients/{patient.id}/", secure=True).content.decode()


def ask(patient: Any, form: str, mode: Mode, by: Any) -> Any:
    return forms.ask(patient, form, mode=mode, language="en", by=by, at=NOW, key=ids.new())


def test_nothing_was_asked_and_nothing_waits(lee, patient) -> None:
    page = front(lee, patient)
    assert "Questions before the first visit: not asked yet" in page
    assert "Evaluation: no time written down" in page
    assert "Safety plan: none written yet" in page
    assert "Nothing waits that you may see." in page
    assert "首次就诊前的问题：尚未询问" in front(lee, patient, "zh-hans")


def test_how_far_the_intake_has_come(lee, patient) -> None:
    sitting = ask(patient, INTAKE, Mode.LINK, lee)
    forms.answer(sitting, "why", "To sleep.", by=None, at=NOW)
    forms.answer(sitting, "why", "To sleep again.", by=None, at=NOW)
    page = front(lee, patient)
    assert "Questions before the first visit: 1 answered so far, asked on 2026-11-24" in page
    assert f'href="/patients/{patient.id}/forms/{sitting.id}/"' in page
    forms.end(sitting, how=Ended.AS_FAR, by=None, at=NOW)
    assert "ended on 2026-11-24, not all answered" in front(lee, patient)


def test_what_was_taken_back_was_not_asked(lee, patient) -> None:
    forms.end(ask(patient, INTAKE, Mode.LINK, lee), how=Ended.WITHDRAWN, by=lee, at=NOW)
    assert "Questions before the first visit: not asked yet" in front(lee, patient)


def test_minutes_of_ratings_count_and_those_of_the_plan_do_not(lee, patient) -> None:
    told = {f"{n}": "0" for n in range(1, 10)}
    for minutes in (7, 5, None):
        sitting = ask(patient, PHQ, Mode.DESK, lee)
        forms.fill(sitting, told, minutes=minutes, by=lee, at=NOW, key=ids.new())
    plan = ask(patient, PLAN, Mode.DESK, lee)
    said = dict.fromkeys(("signs", "alone", "company", "people", "clinicians", "means", "reasons"), "x")
    forms.fill(plan, said, minutes=30, by=lee, at=NOW, key=ids.new())
    page = front(lee, patient)
    assert "Evaluation: 12 minutes on 2 forms" in page
    assert "Safety plan of 2026-11-24" in page


def test_what_waits_about_this_patient_stands_there_the_soonest_first(site, lee, patient) -> None:
    other = registered(site, lee, number="49", given_names="Else")

    def wait(about: Any, what: str, hours: int) -> None:
        told = {"kind": Kind.OTHER, "site": site, "level": Level.BY, "permission": Permission.READ_PATIENTS}
        told |= {"role": Role.NURSE, "where": "/tasks/", "by": lee, "at": NOW, "due": NOW + timedelta(hours=hours)}
        tasks.make(source=f"{about.id} {what}", what=what, patient=about, **told)

    wait(patient, "courses.gate_interpreter", 500)
    wait(patient, "courses.call_today", 400)
    wait(other, "closing.how_did_it_end", 1)
    page = front(lee, patient)
    card = page[page.index('id="next"') : page.index('id="answered"')]
    assert card.count("<li>") == 2
    assert card.index("did not come") < card.index("interprets")


def test_the_referral_is_one_click_away_for_who_may_open_it(site, person, lee, patient) -> None:
    referral = made(site)
    referrals.belongs_to(referral, patient, seen=0, by=lee, at=NOW)
    link = f'href="/referrals/{referral.id}/"'
    assert link in front(lee, patient)
    assert link in front(person("pat", Role.FRONT_DESK), patient)
    pharmacist = front(person("sami", Role.PHARMACIST), patient)
    assert link not in pharmacist
    assert "Questions before the first visit" not in pharmacist, "nor what was asked"


def test_a_referral_to_another_site_is_not_named(site, person, lee, patient) -> None:
    mill = people.found(organisation="Dawn", site="Mill Lane", rooms=["Room 1"], at=NOW)
    kim = person("kim", Role.NURSE, at_site=mill)
    patient.registrations.create(
        id=ids.new(), organisation_id=mill.organisation_id, created=NOW, site=mill, number="7", by=kim
    )
    referral = made(mill)
    referrals.belongs_to(referral, patient, seen=0, by=kim, at=NOW)
    assert f"/referrals/{referral.id}/" in front(kim, patient)
    assert f"/referrals/{referral.id}/" not in front(lee, patient)


def team(who: Any, patient: Any, language: str = "en") -> list[str]:
    page = front(who, patient, language)
    words = page[page.index('<ul class="team') :].split("</ul>")[0].split("<li")[1:]
    return [unescape(re.sub("<[^>]*>", "", "<li" + one)).strip() for one in words]


def test_the_care_team_stands_at_the_head_with_where_it_is_written(site, person, lee, patient) -> None:
    okafor, rose = person("okafor", Role.PRESCRIBER), person("rose", Role.PRESCRIBER)
    none = "No family doctor is written down."
    assert team(okafor, patient) == [none]
    signed.make(patient, site, okafor)
    assert team(okafor, patient) == ["Okafor signed the decision of 2026-11-24", none]
    assert f'href="/patients/{patient.id}/screening/signed/{signed.SNAPSHOT}/?site={site.id}"' in front(lee, patient)
    reach.make(patient, site, okafor)
    referrals.belongs_to(made(site), patient, seen=0, by=lee, at=NOW)
    zeros = {f"{n}": "0" for n in range(1, 10)}
    forms.fill(ask(patient, PHQ, Mode.DESK, lee), zeros, minutes=None, by=lee, at=NOW, key=ids.new())
    common = {"organisation_id": site.organisation_id, "created": NOW, "by": okafor}
    told = {"protocol": signed.US, "version": "2025-01-21", "decision_id": signed.SNAPSHOT, "starts": NOW, "plan": "[]"}
    course = Course.objects.create(id=ids.new(), patient=patient, site=site, **told, **common)
    found = team(lee, patient)
    assert found[:2] == ["Okafor prescriber of the open course", "Lee took down the last rating, 2026-11-24"]
    assert "Dr. Rivera Therapist" in found
    Taken.objects.create(id=ids.new(), course=course, **common | {"by": rose})
    page = front(lee, patient)
    assert team(lee, patient)[0] == "Rose prescriber of the open course"
    assert team(lee, patient, "zh-hans")[0] == "Rose 进行中疗程的处方医生"
    for address in ("course", "assessments", "reach"):
        assert f'<a href="/patients/{patient.id}/{address}/"><bdi>' in page
    assert not any("Rose" in one or "Lee" in one for one in team(person("sami", Role.PHARMACIST), patient))
    assert team(person("pat", Role.FRONT_DESK), patient)[0] == "Rose prescriber of the open course"
    CourseEnd.objects.create(id=ids.new(), course=course, reason="completed", **common)
    assert team(lee, patient)[0] == "Okafor signed the decision of 2026-11-24"


def test_a_decision_of_another_site_names_nobody_here(site, person, lee, patient) -> None:
    mill = people.found(organisation="Dawn", site="Mill Lane", rooms=["Room 1"], at=NOW)
    signed.make(patient, mill, person("kim", Role.PRESCRIBER, at_site=mill))
    assert team(lee, patient) == ["No family doctor is written down."]
