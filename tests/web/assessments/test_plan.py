"""Is the safety plan written with the patient, kept as it was said, and never sent to be filled in alone?"""

from __future__ import annotations

import pytest

from daybreak.web import ids
from daybreak.web.assessments.plan import ASKED, MAKER
from daybreak.web.forms import actions
from daybreak.web.forms.models import Mode
from daybreak.web.patients.models import Entry
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Refused
from tests.web.conftest import NOW, signed_in
from tests.web.patients.samples import registered


def test_the_plan_is_written_together_and_read_as_it_was_said(site, person) -> None:
    nurse = person("lee", Role.NURSE)
    patient = registered(site, nurse)
    told = {"language": "en", "by": nurse, "at": NOW, "key": ids.new()}
    with pytest.raises(Refused):
        actions.ask(patient, "plan:safety-plan", mode=Mode.LINK, **told)
    sitting = actions.ask(patient, "plan:safety-plan", mode=Mode.DESK, **told)
    where = f"/patients/{patient.id}/forms/{sitting.id}/"
    client = signed_in(nurse)
    shown = client.get(where, secure=True).content.decode()
    assert "How do you notice that it is getting worse?" in shown
    said = {f"t-{id}": f"own words <b>{id}</b>" for id in ASKED}
    sent = {"do": "fill", "key": str(ids.new()), **said}
    assert client.post(where, {**sent, "t-means": ""}, secure=True).status_code == 422
    assert client.post(where, sent, secure=True).status_code == 302
    shown = client.get(where, secure=True).content.decode()
    assert "own words &lt;b&gt;means&lt;/b&gt;" in shown
    assert not Entry.objects.exists()
    assert client.get(f"{where}paper/", secure=True).content.startswith(b"%PDF")


def test_there_is_one_plan_in_both_languages() -> None:
    assert MAKER.form("safety-plan", "zh-hans").title == "安全计划"
    with pytest.raises(LookupError):
        MAKER.form("other", "en")
