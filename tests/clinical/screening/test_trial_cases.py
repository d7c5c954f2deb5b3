"""Is every trial judged as a clinician would judge it from the published rule? The cases stand in `tests/cases/trials`."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from daybreak.cli.stage import staged
from daybreak.exchange.trial_cases import case
from daybreak.knowledge.rules import default_rules
from daybreak.knowledge.sentences import language
from daybreak.knowledge.terms import terms
from daybreak.knowledge.validate import read_yaml

CASES = Path(__file__).parents[2] / "cases" / "trials"
WORDS = {
    r"(-?[\d.]+) % better": "improvement",
    r"([\d.]+) % taken": "adherence",
    r"(\d+) sessions": "sessions",
    r"level ([\d.]+)": "level",
    r"for (.+)": "indication",
    r"(planned|held|stopped)": "status",
    r"(.+)": "stop",
}


def course(line: str) -> dict[str, Any]:
    """`venlafaxine 75 mg, 2024-05-01 to now, 5 % better, no effect` as the object that `stage` reads."""
    what, days, *rest = line.split(", ")
    name, dose = re.fullmatch(r"(.+?)(?: ([\d.]+) mg)?", what).groups()  # type: ignore[union-attr]
    start, end = days.split(" to ")
    found: dict[str, Any] = {"drug": name, "dose": float(dose) if dose else None}
    found |= {"start": None if start == "?" else start, "end": None if end in ("?", "now") else end}
    found |= {"status": "active"} if end == "now" else {}
    for words in rest:
        key, value = next((key, m[1]) for form, key in WORDS.items() if (m := re.fullmatch(form, words)))
        if key in ("improvement", "adherence", "level"):
            found[key] = float(value)
        else:
            found[key] = int(value) if key == "sessions" else value
    return found


def label(words: str) -> list[Any]:
    """`FAILED, 70 days`, or `possible, days unknown`."""
    name, days = words.rsplit(", ", 1)
    return [name, None if days == "days unknown" else int(days.removesuffix(" days"))]


def cases() -> list[Any]:
    found = []
    for path in sorted(CASES.glob("*.yaml")):
        content = read_yaml(path)
        for one in content["cases"]:
            given = [*content.get("beside", []), *one["given"]]
            found.append(pytest.param({**one, "given": given}, id=f"{path.stem}: {one['name']}"))
    return found


@pytest.mark.parametrize("one", cases())
def test_case(one: dict[str, Any]) -> None:
    assert set(one) <= {"name", "as_of", "episode", "given", "expect", "because"}
    episode = {"since": "2024-01-01", "severity": "moderate", **one.get("episode", {})}
    value = {
        "episode_start": episode["since"],
        "index": str(one.get("as_of", "2025-01-01")),
        "severity": episode["severity"],
        "courses": [course(line) for line in one["given"]],
    }
    read = case(value, terms=terms(), today=date(2000, 1, 1))
    answer = staged(read, rules=default_rules().id, words=language("en"))
    expected = dict(one["expect"])
    for drug, words in expected.pop("says", {}).items():
        assert words in " ".join(answer["reasons"][drug])
    trials = {drug: label(words) for drug, words in expected.pop("trials", {}).items()}
    if expected.pop("only", not one["given"]):
        assert answer["per_drug"] == trials
    assert {drug: answer["per_drug"].get(drug) for drug in trials} == trials
    words = {True: "yes", False: "no", "indeterminate": "indeterminate"}  # YAML reads a bare yes as true
    if "trd" in expected:
        expected["trd"] = words[expected["trd"]]
    for rules, said in expected.pop("alt", {}).items():
        assert (rules, answer["alt"][rules]) == (rules, words[said])
    assert {key: answer[key] for key in expected} == expected
    assert one["because"]
