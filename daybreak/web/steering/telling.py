"""How is the course of an illness under treatment told: state, formula, signal, and when somebody looks again?"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from daybreak.clinical.followup.response import At, State
from daybreak.knowledge import scales, steering
from daybreak.knowledge.sentences import language
from daybreak.web.assessments.changed import STANDING, source
from daybreak.web.steering.models import Decision
from daybreak.web.steering.states import Course
from daybreak.web.words import known, word

STATES = {
    State.REMISSION: "steering.remission",
    State.RESPONSE: "steering.response",
    State.PARTIAL: "steering.partial",
    State.NONE: "steering.none",
    State.WORSE: "steering.worse",
    State.RELAPSE: "steering.relapse",
    State.UNKNOWN: "steering.unknown",
}
DECISIONS = {
    Decision.CONTINUE: "steering.continue",
    Decision.CHANGE: "steering.change_it",
    Decision.STOP: "steering.stop",
}
LATEST = 12  # so many states are shown at first


def told(course: Course, lang: str) -> dict[str, Any]:
    """Everything that a page shows of it."""
    rows = [_row(one, lang) for one in reversed(course.found)]
    return {
        "state": word(STATES[course.state], lang),
        "calls": course.calls,
        "begun": course.begun.isoformat(),
        "first": course.first and {"total": course.first.total, "day": course.first.day.isoformat()},
        "days": steering.baseline().days,
        "rows": rows[:LATEST],
        "older": rows[LATEST:],
        "formulas": list(_formulas(course.scale, lang)),
        "signal": _signal(course, lang),
        "again": _again(course, lang),
    }


def _row(one: At, lang: str) -> dict[str, str]:
    change = one.found
    points = "" if change.improvement is None else word("steering.points", lang, points=change.improvement)
    percent = "" if change.percent is None else f"{float(change.percent):.1f} %"
    known_total = one.now.status == "complete" and one.now.total is not None
    return {
        "day": one.day.isoformat(),
        "total": str(one.now.total) if known_total else word("steering.no_total", lang),
        "change": " · ".join(said for said in (points, percent) if said),
        "state": word(STATES[one.state], lang),
        "open": word("steering.relapse_open", lang) if one.relapse is None and one.state is not State.UNKNOWN else "",
    }


def _formulas(scale: str, lang: str) -> Iterator[tuple[str, str, str]]:
    """Of each state: its name, how it is made, and where the figure is from."""
    told, change = steering.data()["states"], scales.data(scale)["change"]
    cuts = [one for one in change["remission"] if one["key"].startswith(steering.REMISSION)]
    most = " / ".join(str(one["at_most"]) for one in cuts)
    percent = change["response"]["percent"]
    said = word("steering.remission_formula", lang, most=most, percent=percent)
    yield word(STATES[State.REMISSION], lang), said, source(cuts[0], lang)
    said = word("steering.response_formula", lang, percent=percent)
    yield word(STATES[State.RESPONSE], lang), said, source(change["response"], lang)
    said = word("steering.partial_formula", lang, least=told["partial"]["percent"], percent=percent)
    yield word(STATES[State.PARTIAL], lang), said, source(told["partial"], lang)
    yield word(STATES[State.WORSE], lang), *_worse(change, told, lang)
    if "relapse" in change:
        rule = change["relapse"]
        numbers = {"least": rule["at_least"], "times": rule["in_a_row"], "days": rule["days_apart"]}
        said = word("steering.relapse_formula", lang, **numbers)
    else:
        rule = told["lost"]
        said = word("steering.lost_formula", lang, times=rule["in_a_row"], days=rule["days_apart"])
    yield word(STATES[State.RELAPSE], lang), said, source(rule, lang)
    yield word(STATES[State.NONE], lang), word("steering.none_formula", lang), ""
    yield word(STATES[State.UNKNOWN], lang), word("steering.unknown_formula", lang), ""


def _worse(change: dict[str, Any], told: dict[str, Any], lang: str) -> tuple[str, str]:
    if "reliable" in change:
        rule = change["reliable"]
        return word("steering.worse_reliable", lang, points=rule["surely"]), source(rule, lang)
    if "worse" in change:
        return word("steering.worse_points", lang, points=change["worse"]["points"]), source(change["worse"], lang)
    return word("steering.worse_percent", lang, percent=told["worse"]["percent"]), source(told["worse"], lang)


def _signal(course: Course, lang: str) -> dict[str, Any]:
    chart, rule = course.control, steering.data()["control"]
    if chart is None:
        return {"said": word("steering.no_response_yet", lang), "formula": ""}
    formula = ""
    if chart.limit is not None and chart.mean is not None and chart.moving is not None:
        numbers = {name: _number(getattr(chart, name)) for name in ("mean", "moving", "limit")}
        formula = word(
            "steering.control_formula", lang, n=chart.n, factor=rule["factor"], percent=rule["range_percent"], **numbers
        )
    return {"said": language(known(lang)).say(chart.why), "formula": formula, "source": source(rule, lang)}


def _again(course: Course, lang: str) -> dict[str, str]:
    one = course.review
    why = word("steering.because_lost", lang) if one.lost else word(STATES[one.state], lang)
    standing = word(STANDING["local_policy"], lang)
    return {
        "said": word("steering.look_again", lang, on=one.on.isoformat(), days=one.days, why=why),
        "source": standing,
    }


def _number(value: Fraction) -> str:
    return f"{float(value):.1f}"
