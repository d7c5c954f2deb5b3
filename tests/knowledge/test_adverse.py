"""Does every term of an adverse event have real codes or none, and does everything that proposes one exist?"""

from __future__ import annotations

import importlib
import warnings
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from daybreak.knowledge import adverse, sessions, watch
from daybreak.knowledge.schema.adverse import AdverseFile
from daybreak.knowledge.store import ROOT


def test_every_code_is_one_of_icd_10_cm_and_what_has_none_says_so() -> None:
    with warnings.catch_warnings():  # of how it reads its own file
        warnings.simplefilter("ignore", DeprecationWarning)
        icd = importlib.import_module("simple_icd_10_cm")
    codes = [code for one in adverse.terms().values() for code in one["icd10cm"]]
    assert [code for code in codes if not (icd.is_valid_item(code) and icd.is_leaf(code))] == []
    assert adverse.terms()["dissociation"]["icd10cm"] == []


def test_what_proposes_a_term_is_a_row_or_an_alarm_of_a_session() -> None:
    alarms = {f"{sign}.{side}" for sign in watch.watch().signs for side in ("above", "below")}
    seen = {one for term in adverse.terms().values() for one in term["seen"]}
    assert seen - alarms - set(sessions.rows()) == set()
    assert adverse.proposed(["systolic.above"]) == adverse.proposed(["diastolic.above"]) == ["high_pressure"]
    assert adverse.proposed(["nobody.knows"]) == []


def test_a_label_lists_what_it_names_and_says_nothing_about_the_rest() -> None:
    assert adverse.listed("nausea", "esketamine") == "6.1"
    assert adverse.listed("nystagmus", "ketamine") == "eye disorders"
    assert adverse.listed("nystagmus", "esketamine") == ""
    assert adverse.listed("nausea", "another") == adverse.listed("nothing", "esketamine") == ""


def test_each_paper_has_fields_of_its_own() -> None:
    found = {form: {one["id"]: one["at"][form] for one in adverse.fields(form)} for form in adverse.forms()}
    assert found["medwatch-3500a"]["lots"] == "C6"
    assert found["cioms-i"]["described"] == "7+13"
    assert "country" not in found["medwatch-3500"]
    assert set(adverse.serious()) >= {adverse.death().criterion, "hospital", "prevented"}


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("{id: nausea,", "{id: vomiting,", "stands twice"),
        ("listed: [{label: esketamine,", "listed: [{label: nobody,", "a label that is not there"),
        ("at: {cioms-i: ", "at: {cioms-ii: ", "a form that is not there"),
        ("outcome: fatal,", "outcome: gone,", "an outcome and a grade"),
    ],
)
def test_what_names_nothing_does_not_load(old: str, new: str, problem: str) -> None:
    text = Path(ROOT / "adverse.yaml").read_text("utf-8")
    assert old in text
    with pytest.raises(ValidationError, match=problem):
        AdverseFile(**yaml.safe_load(text.replace(old, new, 1)))
