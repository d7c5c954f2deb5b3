"""Is a field of the form answered by a person where it is a judgement, and does every version have its own fields?"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from daybreak.knowledge import rems
from daybreak.knowledge.schema.rems import RemsFile
from daybreak.knowledge.store import ROOT

JUDGED = {"acceptable_before", "acceptable_after", "sedation", "dissociation", "serious", "ready"}


def test_each_version_asks_its_own_and_judgements_are_the_same_everywhere() -> None:
    ids = {id: {one["id"]: one for one in rems.fields(id)} for id in rems.versions()}
    assert set(ids) == {"2021", "2025"}
    assert {id for id, one in ids["2021"].items() if one["kind"] == "judgement"} == JUDGED
    assert {id for id, one in ids["2025"].items() if one["kind"] == "judgement"} == JUDGED | {
        "respiratory",
        "first",
        "enrolled",
    }
    assert "benzodiazepines" not in ids["2025"]
    assert {id for id, one in ids["2025"].items() if one["ours"]} == {"spo2_before", "spo2_about", "spo2_last"}


def test_the_version_of_a_day_and_the_last_day_to_file() -> None:
    assert [rems.version_on(date(*day)) for day in ((2019, 3, 5), (2024, 12, 31), (2026, 11, 30))] == [
        "2021",
        "2021",
        "2025",
    ]
    friday = date(2026, 11, 27)
    assert rems.last_day(friday) == date(2026, 12, 4), "a session on a Friday: the Friday after"
    assert [rems.asks(one) for one in ("esketamine-nasal-us", "esketamine-nasal-eu", "ketamine-iv-consensus")] == [
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("kind: judgement, asks: minutes", "kind: judgement", "a judgement, and nothing else, has"),
        ("of: minutes, ", "", "say what they are `of`"),
        ("classes: [maoi]", "classes: []", "a list, and nothing else, has `classes`"),
        ("of: last, row: spo2", "of: last", "a reading, and nothing else, has a `row`"),
        ('versions: ["2025"], evidence', 'versions: ["2025"], carried: ["2021"], evidence', "only into versions"),
    ],
)
def test_a_field_that_is_not_whole_does_not_load(old: str, new: str, problem: str) -> None:
    text = Path(ROOT / "rems.yaml").read_text("utf-8")
    assert old in text
    with pytest.raises(ValidationError, match=problem):
        RemsFile(**yaml.safe_load(text.replace(old, new, 1)))
