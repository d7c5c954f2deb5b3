"""Does a decision wait for an answer about suicide, and for a word that somebody died, is pregnant or away?"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from daybreak.clinical.records import Observation, on
from daybreak.knowledge.sentences import language
from daybreak.web import ids
from daybreak.web.patients import actions as patients
from daybreak.web.reach import queries as reach
from daybreak.web.reach import standings
from daybreak.web.reach.models import BACK, DIED, HOSPITAL, PREGNANT
from daybreak.web.refusals import Refused
from daybreak.web.screening.judging import judge
from daybreak.web.screening.models import NOT_YET
from daybreak.web.tasks import suicide
from daybreak.web.words import word
from tests.web.conftest import NOW, signed_in
from tests.web.screening.samples import SOON, US, adopted
from tests.web.screening.test_signing import sign


def verdicts(patient: Any, site: Any) -> dict[str, tuple[str, str]]:
    """Of each criterion, freshly read: the verdict and the reason."""
    decision = judge(type(patient).objects.get(pk=patient.pk), site, at=SOON).decision(US)
    assert decision is not None
    return {f.criterion.name: (f.answer.verdict.value, language("en").say(f.answer.reason)) for f in decision.findings}


def say(patient: Any, kind: str, by: Any) -> None:
    seen = len(reach.standings(patient))
    standings.say(patient, kind, since=None, note="", seen=seen, by=by, at=SOON, key=ids.new())


@pytest.mark.parametrize(("kind", "value"), [("madrs.item-10", Decimal(6)), ("c-ssrs-screen.q4", "yes")])
def test_an_answer_of_any_scale_holds_the_decision(site, doctor, patient, kind: str, value: Any) -> None:
    adopted(site, doctor)
    patients.add(patient, Observation("", kind, value, on(NOW.date())), by=doctor, at=SOON, key=ids.new())
    assert verdicts(patient, site)["suicide_risk_assessed"][0] == "unknown"
    with pytest.raises(Refused) as refused:
        sign(patient, site, doctor)
    assert refused.value.id == "screening.suicide_open"
    page = signed_in(doctor).get(f"/patients/{patient.id}/screening/sign/?protocol={US}", secure=True).content.decode()
    assert word("screening.suicide_open", "en") in page
    assert f"/tasks/{suicide.open_for(patient.id).id}/" in page
    assert sign(
        patient, site, doctor, outcome=NOT_YET, condition="assessment", review_on=SOON.date() + timedelta(days=7)
    )


def test_who_died_is_not_alive_until_it_is_taken_back(site, doctor, patient) -> None:
    adopted(site, doctor)
    say(patient, DIED, doctor)
    assert verdicts(patient, site)["alive"][0] == "not_met"
    with pytest.raises(Refused) as refused:
        sign(patient, site, doctor)
    assert refused.value.id == "screening.stopped"
    say(patient, BACK, doctor)
    assert verdicts(patient, site)["alive"][0] == "met"
    assert sign(patient, site, doctor)


def test_who_is_said_to_be_pregnant_is_and_nothing_older_stands_in_for_it_afterwards(site, doctor, patient) -> None:
    assert verdicts(patient, site)["not_pregnant"][0] == "met"
    say(patient, PREGNANT, doctor)
    assert verdicts(patient, site)["not_pregnant"][0] != "met"
    say(patient, BACK, doctor)
    assert verdicts(patient, site)["not_pregnant"][0] != "met"


def test_nothing_is_decided_while_everything_is_stopped_and_the_board_says_so(site, doctor, patient) -> None:
    adopted(site, doctor)
    say(patient, HOSPITAL, doctor)
    for page in ("", f"sign/?protocol={US}"):
        shown = signed_in(doctor).get(f"/patients/{patient.id}/screening/{page}", secure=True)
        assert word("reach.sign_paused", "en", since=NOW.date()) in shown.content.decode(), page
    with pytest.raises(Refused) as refused:
        sign(patient, site, doctor)
    assert refused.value.id == "screening.stopped"
