"""Is every harm over time asked in plain words, kept as it was said, and a yes seen to by a prescriber in time?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from daybreak.knowledge import harms
from daybreak.web import ids
from daybreak.web.assessments.harms import DOMAINS, MAKER
from daybreak.web.forms import actions
from daybreak.web.forms.models import Mode
from daybreak.web.people.roles import Role
from daybreak.web.tasks.models import Task
from tests.web.conftest import NOW, signed_in
from tests.web.patients.samples import registered


def test_every_item_has_its_domain_and_its_words() -> None:
    assert {one["domain"] for one in harms.items().values()} == set(DOMAINS)
    for language in ("en", "zh-Hans"):
        form = MAKER.form("over-time", language)
        assert [one.id for one in form.questions] == list(harms.items())
        assert all(one.words and one.stem for one in form.questions)
    with pytest.raises(LookupError):
        MAKER.form("other", "en")
    assert MAKER.alone("over-time")


@pytest.mark.parametrize(("yes", "hours"), [((), None), (("memory",), 72), (("memory", "urine_blood"), 24)])
def test_a_yes_is_one_task_as_soon_as_the_soonest(site, person, yes, hours) -> None:
    nurse = person("lee", Role.NURSE)
    patient = registered(site, nurse)
    told = {"language": "en", "by": nurse, "at": NOW, "key": ids.new()}
    sitting = actions.ask(patient, "harms:over-time", mode=Mode.DESK, **told)
    said = {f"q-{id}": "yes" if id in yes else "no" for id in harms.items()}
    where = f"/patients/{patient.id}/forms/{sitting.id}/"
    answer = signed_in(nurse).post(where, {"do": "fill", "key": str(ids.new()), **said}, secure=True)
    assert answer.status_code == 302
    every = list(Task.objects.filter(what="assessments.task_harm"))
    assert [one.role for one in every] == ([Role.PRESCRIBER] if yes else [])
    if hours:
        assert every[0].due - every[0].created == timedelta(hours=hours)
