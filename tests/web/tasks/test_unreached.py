"""Does the page of an urgent task say whom to call, what was tried when, and what comes next?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from daybreak.knowledge.schema.suicide import Unreached
from daybreak.web import append_only, ids
from daybreak.web.people import actions as people
from daybreak.web.people.permissions import Permission
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.tasks import actions, unreached, unreached_rule
from daybreak.web.tasks.models import Kind, Level, Task, UnreachedRule
from daybreak.web.tasks.state import state
from tests.web.conftest import NOW, signed_in
from tests.web.reach.samples import reached as reachable
from tests.web.tasks.samples import made


@pytest.fixture
def task(site, patient) -> Task:
    about = {"kind": Kind.SUICIDE, "level": Level.TODAY, "permission": Permission.SEE_TASKS, "what": "tasks.title"}
    return made(site, patient=patient, **about)


def tried(task: Task, by: Any, *, result: str = "not_reached", ago: int = 0) -> None:
    when = NOW + timedelta(hours=1)
    told = {"result": result, "text": f"phoned, {ago} minutes ago", "happened": when - timedelta(minutes=ago)}
    actions.attempt(task, **told, by=by, at=when, key=ids.new())


def page(task: Task, by: Any, language: str = "en") -> str:
    client = signed_in(by)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    found: str = client.get(f"/tasks/{task.id}/", secure=True).content.decode()
    return found[found.index('id="unreached"') : found.index('id="tried"')]


def test_before_the_first_try_the_numbers_and_the_whole_rule_are_there(task, patient, lee) -> None:
    contact = {"contact_name": "Otto Keller", "contact_relation": "brother", "contact_phone": "555-0199"}
    reachable(patient, lee, **contact, contact_may_call="no")
    shown = page(task, lee)
    for said in (
        'href="tel:555-0101"',
        'href="tel:555-0199"',
        "Otto Keller",
        "did not agree",
        "Nobody has written down",
    ):
        assert said in shown
    assert "no prescriber of this clinic has signed one of its own" in shown
    assert shown.count("Due now") == 0
    assert shown.count("such tries") == 3
    assert "回电号码" in page(task, lee, "zh-hans")


def test_what_is_not_known_is_said_and_is_no_no(task, lee) -> None:
    shown = page(task, lee)
    assert "No number of the patient is on record" in shown
    assert "Nobody is named whom to call" in shown


def test_each_try_that_reached_nobody_brings_the_next_step(task, lee) -> None:
    tried(task, lee, ago=30)
    assert page(task, lee).count("Due now") == 1
    tried(task, lee, ago=10)
    shown = page(task, lee)
    assert (shown.count("Due now"), "reached nobody: 2" in shown) == (2, True)
    assert "2026-11-24 09:30 UTC" in shown
    tried(task, lee, result="reached")
    assert page(task, lee).count("Due now") == 0
    tried(task, lee, ago=20)
    assert unreached.failed(state(task).events) == 0, "written down later, it happened before somebody was reached"


def test_who_may_not_know_the_patient_sees_no_number(task, patient, person, lee) -> None:
    reachable(patient, lee)
    shown = page(task, person("ada", Role.ADMINISTRATOR))
    assert "555-0101" not in shown
    assert "Number to call back" not in shown


def test_the_steps_of_a_rule_come_in_order() -> None:
    told = {"source": {"id": "daybreak-policy", "where": "suicide answers"}, "standing": "local_policy"}
    steps = [{"after": 2, "does": "contact"}, {"after": 2, "does": "welfare_check"}]
    with pytest.raises(ValueError, match="come in order"):
        Unreached.model_validate({"steps": steps, **told})
    assert Unreached.model_validate({"steps": steps[:1], **told})


def signed(site: Any, by: Any, **other: Any) -> UnreachedRule:
    after = {"other_number": 1, "contact": 1, "welfare_check": 2, "emergency_services": None}
    about: dict[str, Any] = {"seen": None, "by": by, "at": NOW, "key": ids.new(), **other}
    return unreached_rule.sign(site, {**after, **about.pop("after", {})}, **about)


def test_a_rule_that_a_prescriber_signed_goes_before_the_shipped_one(task, site, lee, person) -> None:
    doctor, key = person("okafor", Role.PRESCRIBER), ids.new()
    row = signed(site, doctor, key=key)
    assert signed(site, doctor, key=key) == row, "a double click signs once"
    with pytest.raises(Forbidden):
        signed(site, lee)
    with pytest.raises(Conflict, match="meanwhile"):
        signed(site, doctor)
    with pytest.raises(Refused, match="somebody goes there"):
        signed(site, doctor, seen=row.id, after={"welfare_check": None})
    with pytest.raises(Refused, match="in this order"):
        signed(site, doctor, seen=row.id, after={"contact": 3})
    tried(task, lee)
    shown = page(task, lee)
    assert "The rule of this site, signed by Okafor" in shown
    assert (shown.count("Due now"), shown.count("such tries")) == (2, 3)
    after = {"welfare_check": None, "emergency_services": 4}
    assert signed(site, doctor, seen=row.id, after=after).steps[-1] == (4, "emergency_services")
    assert append_only.unprotected(connection, "tasks_unreached_rule") is False


def test_the_page_signs_for_the_own_site_alone_and_keeps_what_was_typed(site, person) -> None:
    elsewhere = people.found(organisation="Dawn", site="Harbour", rooms=[], at=NOW)
    browser = signed_in(person("okafor", Role.PRESCRIBER))
    address = "/clinic/unreached/"
    assert "no prescriber of this clinic has signed" in browser.get(address, secure=True).content.decode()
    form = {"site": str(site.id), "seen": "", "key": str(ids.new()), "welfare_check": "two", "contact": "2"}
    refused = browser.post(address, form, secure=True)
    assert refused.status_code == 422
    assert 'value="two"' in refused.content.decode()
    assert browser.post(address, {**form, "site": str(elsewhere.id)}, secure=True).status_code == 404
    assert browser.post(address, {**form, "welfare_check": "2"}, secure=True).status_code == 302
    assert unreached_rule.signed(site.id).steps == ((2, "contact"), (2, "welfare_check"))
    assert unreached_rule.signed(elsewhere.id) is None
