"""Is every harm over time asked in plain words, kept as it was said, and a yes seen to by a prescriber in time?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import ValidationError

from daybreak.knowledge import harms
from daybreak.knowledge.schema.harms import HarmsFile
from daybreak.knowledge.store import loaded
from daybreak.web import ids
from daybreak.web.assessments.harms import DOMAINS, MAKER, beside
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


def test_each_part_stands_beside_the_forms_of_the_published_tool_and_a_domain_is_named_only_from_a_source(
    site, person
) -> None:
    found = beside("en")
    assert [len(row) for row in found.rows] == [len(found.head)] * len(harms.mapped())
    named = [one for one in harms.mapped() if "domain" in one]
    assert [one["ours"] for one in named] == ["thinking"]
    assert all(one["standing"] == "secondary" for one in named)
    assert sum("no domain known" in row for row in found.rows) == len(harms.mapped()) - 1
    nurse = person("lee", Role.NURSE)
    patient = registered(site, nurse)
    told = {"language": "en", "by": nurse, "at": NOW, "key": ids.new()}
    sitting = actions.ask(patient, "harms:over-time", mode=Mode.DESK, **told)
    page = signed_in(nurse).get(f"/patients/{patient.id}/forms/{sitting.id}/", secure=True).content.decode()
    assert "immediately after one treatment" in page
    assert "Ketamine Side Effect Tool, revised (KSET-R): abstract" in page
    other = actions.ask(patient, "assessment:phq-9", mode=Mode.DESK, **told | {"key": ids.new()})
    assert "KSET" not in signed_in(nurse).get(f"/patients/{patient.id}/forms/{other.id}/", secure=True).content.decode()


@pytest.mark.parametrize(("change", "said"), [({"ours": "after"}, "once"), ({"kset": "follow-up"}, "does not have")])
def test_a_part_that_is_mapped_twice_or_to_no_form_does_not_load(change, said) -> None:
    told = loaded("harms")["harms"]
    first, *rest = told["mapped"]
    with pytest.raises(ValidationError, match=said):
        HarmsFile.model_validate({**told, "mapped": [first | change, *rest]})


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
