"""Does the page of an urgent task say whom to call, what was tried when, and what comes next?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from daybreak.knowledge.schema.suicide import Unreached
from daybreak.web import ids
from daybreak.web.people.permissions import Permission
from daybreak.web.people.roles import Role
from daybreak.web.tasks import actions, unreached
from daybreak.web.tasks.models import Kind, Level, Task
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
