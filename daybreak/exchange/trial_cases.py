"""What does a staging case say: a treatment history as one JSON object, without a patient around it?

```
{"episode_start": "2024-01-01", "index": "2025-01-01", "severity": "moderate",
 "courses": [{"drug": "sertraline", "dose": 100, "start": "2024-02-01", "end": "2024-04-10",
              "improvement": 10, "stop": "no effect", "status": "stopped", "adherence": 95}]}
```
A course may also be ECT, TMS or psychotherapy with `sessions`, and a course of lithium may carry its serum `level` (mmol/L).
`augmentation`, `psychotherapy` and `ect` may also stand beside `courses`: a list, one course, or for `ect` and
`ect_sessions` the number of sessions in this episode. Dates may be partial. null means "not known".
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from daybreak.clinical.answers import UNREADABLE, Unreadable
from daybreak.clinical.records import Exposure, Therapy, When
from daybreak.clinical.screening.staged import History
from daybreak.knowledge.terms import Terms

PSYCHOTIC = "(with )?(psychosis|psychotic)( features| symptoms)?"
SEVERITIES = ("subsyndromal", "mild", "moderate", "severe", "severe_psychotic")
# beside "ended" and "active", the words of other programs
STATUSES = {
    "stopped": "ended",
    "completed": "ended",
    "ended": "ended",
    "discontinued": "ended",
    "active": "active",
    "ongoing": "active",
    "current": "active",
    "held": "held",
    "on-hold": "held",
    "planned": "planned",
}


class Misread(Exception):
    """A case that cannot be read as one: the place, the value, what was expected."""


@dataclass(frozen=True, slots=True)
class Case:
    """A history, and what in it nobody could name (shown to a human, counted for nothing)."""

    history: History
    unmapped: tuple[str, ...]


def case(value: Mapping[str, Any], *, terms: Terms, today: date) -> Case:
    """Read one case. Raises `Misread` with everything that is wrong with it."""
    problems: list[str] = []
    index = _when(value.get("index"), "index", problems)
    start = _when(value.get("episode_start"), "episode_start", problems)
    day = index.latest if isinstance(index, When) else today
    if isinstance(start, When) and start.earliest > day:
        problems.append(f"episode_start: {start}, expected a day up to {day}, the day of the decision")
    exposures: list[Exposure] = []
    therapies: list[Therapy] = []
    levels: dict[str, Decimal] = {}
    unmapped: list[str] = []
    for place, course in _courses(value, problems):
        name = course.get("drug", course.get("kind", course.get("therapy")))
        if not isinstance(name, str) or not name.strip():
            problems.append(f"{place}.drug: {_short(name)}, expected the name of a medicine, ECT or psychotherapy")
            continue
        ingredients = terms.medicine((), name).ingredients
        procedure = None if ingredients else terms.procedure((), name)
        if procedure:
            therapies.append(_therapy(place, procedure, course, terms=terms, problems=problems))
            continue
        if not ingredients:
            unmapped.append(name)
        exposures.append(_exposure(place, name, ingredients, course, terms=terms, problems=problems))
        level = _number(course.get("level"), f"{place}.level", problems)
        if level is not None:
            levels[place] = level
    severity = _severity(value.get("severity"), problems)
    if problems:
        raise Misread("; ".join(problems))
    history = History(tuple(exposures), tuple(therapies), start, severity, day, levels)
    return Case(history, tuple(dict.fromkeys(unmapped)))


def _courses(value: Mapping[str, Any], problems: list[str]) -> list[tuple[str, Mapping[str, Any]]]:
    found: list[tuple[str, Mapping[str, Any]]] = []
    here = {"drug": "ect", "start": value.get("episode_start"), "end": value.get("index")}
    named: dict[str, dict[str, Any]] = {"psychotherapy": {"drug": "psychotherapy"}, "ect": here, "ect_sessions": here}
    for key in ("courses", "augmentation", "augmentations", "therapies", "procedures", *named):
        given = value.get(key)
        if given is None and key != "courses":
            continue
        if key in ("ect", "ect_sessions") and isinstance(given, int):  # so many sessions, or: was it given at all?
            if given:
                found.append((key, {**here, "sessions": None if given is True else given}))
            continue
        if isinstance(given, dict) and key != "courses":
            given = [given]
        if not isinstance(given, list):
            problems.append(f"{key}: {_short(given)}, expected a list of courses (it may be empty)")
            continue
        for i, course in enumerate(given):
            if isinstance(course, dict):
                found.append((f"{key}[{i}]", {**named.get(key, {}), **course}))
            else:
                problems.append(f"{key}[{i}]: {_short(course)}, expected an object")
    return found


def _exposure(
    place: str,
    name: str,
    ingredients: tuple[str, ...],
    course: Mapping[str, Any],
    *,
    terms: Terms,
    problems: list[str],
) -> Exposure:
    return Exposure(
        ref=place,
        text=name,
        ingredients=ingredients,
        dose=_number(course.get("dose"), f"{place}.dose", problems),
        start=_when(course.get("start"), f"{place}.start", problems),
        end=_when(course.get("end"), f"{place}.end", problems),
        status=_status(course.get("status"), f"{place}.status", problems),
        stop=_stop(course.get("stop"), f"{place}.stop", terms, problems),
        improvement=_number(course.get("improvement"), f"{place}.improvement", problems, signed=True),
        indication=_indication(course.get("indication"), terms),
        adherence=_percent(course.get("adherence"), f"{place}.adherence", problems),
        kind="course",
    )


def _therapy(place: str, kind: str, course: Mapping[str, Any], *, terms: Terms, problems: list[str]) -> Therapy:
    sessions = course.get("sessions", course.get("dose"))
    if sessions is not None and (not isinstance(sessions, int) or isinstance(sessions, bool) or sessions < 0):
        problems.append(f"{place}.sessions: {_short(sessions)}, expected a whole number or null")
    return Therapy(
        ref=place,
        text=kind,
        kind=kind,
        start=_when(course.get("start"), f"{place}.start", problems),
        end=_when(course.get("end"), f"{place}.end", problems),
        sessions=sessions,
        improvement=_number(course.get("improvement"), f"{place}.improvement", problems, signed=True),
        stop=_stop(course.get("stop"), f"{place}.stop", terms, problems),
    )


def _status(given: Any, place: str, problems: list[str]) -> str | None:
    if given is None:
        return None
    if isinstance(given, str) and given.strip().lower() in STATUSES:
        return STATUSES[given.strip().lower()]
    problems.append(f"{place}: {_short(given)}, expected one of {', '.join(STATUSES)} or null")
    return None


def _indication(given: Any, terms: Terms) -> str | Unreadable | None:
    if given is None:
        return None
    return (terms.indication((), given) or UNREADABLE) if isinstance(given, str) else UNREADABLE


def _severity(given: Any, problems: list[str]) -> str | None:
    if given is None:
        return None
    if isinstance(given, str):
        plain = " ".join(re.findall("[a-z]+", given.lower()))
        if re.fullmatch(rf"severe {PSYCHOTIC}", plain):
            return "severe_psychotic"
        plain = re.sub(rf" (without|non|not) {PSYCHOTIC}$", "", plain)
        if plain in SEVERITIES:
            return plain
    problems.append(f"severity: {_short(given)}, expected one of {', '.join(SEVERITIES)} or null")
    return None


def _stop(given: Any, place: str, terms: Terms, problems: list[str]) -> str | None:
    if given is None:
        return None
    if not isinstance(given, str):
        problems.append(f"{place}: {_short(given)}, expected a reason in words or null")
        return None
    return terms.stop_reason((), given) or "other"


def _percent(given: Any, place: str, problems: list[str]) -> Decimal | None:
    number = _number(given, place, problems)
    if number is not None and 0 < number <= 1:
        problems.append(f"{place}: {_short(given)}, expected percent; is that {(number * 100).normalize():f} %?")
    return number


def _number(given: Any, place: str, problems: list[str], *, signed: bool = False) -> Decimal | None:
    if given is None:
        return None
    if isinstance(given, int | float) and not isinstance(given, bool):
        number = Decimal(str(given))
        if number.is_finite() and (signed or number >= 0):
            return number
    problems.append(f"{place}: {_short(given)}, expected a number{'' if signed else ' of 0 or more'} or null")
    return None


def _when(given: Any, place: str, problems: list[str]) -> When | None:
    if given is None:
        return None
    try:
        if isinstance(given, str):
            parts = [int(part) for part in given.split("-")]
            if [len(part) for part in given.split("-")] == [4, 2, 2][: len(parts)]:
                return _span(parts)
    except ValueError:
        pass
    problems.append(f"{place}: {_short(given)}, expected a date such as 2024-02-01 or null")
    return None


def _span(parts: list[int]) -> When:
    year = parts[0]
    if len(parts) == 1:
        return When(date(year, 1, 1), date(year, 12, 31))
    if len(parts) == 2:
        return When(date(year, parts[1], 1), date(year, parts[1], calendar.monthrange(year, parts[1])[1]))
    day = date(year, parts[1], parts[2])
    return When(day, day)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "…"
