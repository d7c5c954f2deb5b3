"""The page on which somebody reads what the treatment is, and opens the source of each sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from daybreak.knowledge import education
from daybreak.knowledge.clinic_questions import source
from daybreak.web.access import everyone
from daybreak.web.public.page import language_of, shown
from daybreak.web.words import known, word

# One hundred people, ten in a row, each in a field of 20 by 26.
WIDE, HIGH = 20, 26


@everyone("says what the treatment is and on which source each sentence stands; asks nothing of whoever reads it")
@require_safe
def learn(request: HttpRequest) -> HttpResponse:
    """`/learn/`: all sections on one page, the sources numbered in the order in which they are cited."""
    language = known(language_of(request))
    numbers: dict[str, int] = {}
    effects, cited, sections = education.side_effects(), {}, []
    for one in education.sections():
        sections.append(_section(one, language, numbers))
        if one["id"] == "effects":
            cited = _cited(effects, numbers)
    rows = [_effect(one, effects, language) for one in effects["rows"]]
    return shown(
        request,
        "public/learn.html",
        {
            "sections": sections,
            "effects": {**cited, "spray": effects["spray"], "dummy": effects["dummy"], "rows": rows},
            "drawn": [one for one in rows if one["id"] in effects["drawn"]],
            "sources": [{"n": n, **source(id)} for id, n in numbers.items()],
        },
    )


@everyone("a sheet to fill in and print before an evaluation; its fields belong to no form, so nothing is ever sent")
@require_safe
def prepare(request: HttpRequest) -> HttpResponse:
    """`/learn/prepare/`."""
    language = language_of(request)
    asked = [
        ("mood", word("prepare.mood", language), word("prepare.mood_hint", language)),
        ("tried", word("prepare.tried", language), word("prepare.tried_hint", language)),
        ("takes", word("prepare.takes", language), word("prepare.takes_hint", language)),
        ("ill", word("prepare.ill", language), word("prepare.ill_hint", language)),
        ("uses", word("prepare.uses", language), word("prepare.uses_hint", language)),
        ("life", word("prepare.life", language), word("prepare.life_hint", language)),
        ("others", word("prepare.others", language), word("prepare.others_hint", language)),
        ("asks", word("prepare.asks", language), word("prepare.asks_hint", language)),
    ]
    return shown(request, "public/prepare.html", {"asked": asked})


def _section(one: Mapping[str, Any], language: str, numbers: dict[str, int]) -> dict[str, Any]:
    claims = [{"words": each["words"][language], **_cited(each, numbers)} for each in one["claims"]]
    return {
        "id": one["id"],
        "words": one["words"][language],
        "first": [claim for claim in claims if claim["first"]],
        "more": [claim for claim in claims if not claim["first"]],
        "lacks": one.get("lacks", {}).get(language),
    }


def _cited(fact: Mapping[str, Any], numbers: dict[str, int]) -> dict[str, Any]:
    n = numbers.setdefault(fact["source"]["id"], len(numbers) + 1)
    kept = {name: fact.get(name) for name in ("standing", "dated", "first")}
    return {"n": n, "where": fact["source"]["where"], **kept}


def _effect(row: Mapping[str, Any], all_rows: Mapping[str, Any], language: str) -> dict[str, Any]:
    groups = [
        {"id": id, "n": row[id], "of": all_rows[id], "of_100": people, "hit": _first(people), "rest": _after(people)}
        for id in ("spray", "dummy")
        for people in [education.of_100(row[id], all_rows[id])]
    ]
    return {"id": row["id"], "words": row["words"][language], "groups": groups}


def _first(people: int) -> str:
    """The outline of the fields of the first so many people."""
    rows, more = divmod(people, 10)
    return f"M0 0H{10 * WIDE}V{rows * HIGH}H{more * WIDE}V{(rows + (more > 0)) * HIGH}H0Z"


def _after(people: int) -> str:
    """The outline of the fields of everybody else."""
    rows, more = divmod(people, 10)
    return f"M0 {10 * HIGH}H{10 * WIDE}V{rows * HIGH}H{more * WIDE}V{(rows + (more > 0)) * HIGH}H0Z"
