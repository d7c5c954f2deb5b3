"""Does every word of a sentence mean one thing, and does everything that it names exist?"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from daybreak.clinical.treatment.said import Meaning, read
from daybreak.knowledge import dosing, said, sessions
from daybreak.knowledge.schema.said import SaidFile
from daybreak.knowledge.store import ROOT


def test_what_the_words_name_is_there() -> None:
    words = said.vocabulary()
    named = {meaning: {one.id for one in words.words.values() if one.meaning is meaning} for meaning in Meaning}
    assert named[Meaning.RESCUE] <= set(sessions.rescues())
    assert named[Meaning.ROW] == set(words.rows) <= set(sessions.rows())
    units = {one.unit for one in words.rows.values() if one.unit} | {"mg", "ml"}
    assert named[Meaning.UNIT] == units
    routes = named[Meaning.ROUTE]
    assert {each for one in routes for each in said.ladders(one)} == set(dosing.ladders())
    assert said.ladders("") == frozenset()


def test_the_two_languages_say_the_same() -> None:
    for english, chinese in (
        ("gave 54 mg IV, no waste, same vial", "静脉给了54毫克，无弃药，同一瓶"),
        ("BP 132/84 mmHg, pulse 72/min, SpO2 97%", "血压132/84毫米汞柱，心率72次/分，血氧97%"),
        ("mild nausea, no dissociation", "轻度恶心，无解离"),
    ):
        found = [read(one, said.vocabulary()) for one in (english, chinese)]
        assert not found[0].left
        assert not found[1].left
        first, second = ([(one.what, one.told | {"text": ""}) for one in each.entries] for each in found)
        assert first == second, "but for their own words"


def test_a_word_that_would_mean_two_things_does_not_load() -> None:
    text = Path(ROOT / "said.yaml").read_text("utf-8")
    with pytest.raises(ValidationError, match="pulse would mean two things"):
        SaidFile(**yaml.safe_load(text.replace("breaths: [breaths,", "breaths: [Pulse,", 1)))
