"""What does a session under a protocol ask, see and keep? (`sessions.yaml`)"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from daybreak.clinical.treatment.checks import Schedule
from daybreak.clinical.treatment.limits import Level, Sign
from daybreak.clinical.treatment.rules import Bound, Criterion, Effect, Question, Rules
from daybreak.knowledge import watch
from daybreak.knowledge.store import loaded

Line = Mapping[str, Any]
VALUE = "value"  # the one part of a row that has no others


def _all() -> Mapping[str, Any]:
    return loaded("sessions")["sessions"]  # type: ignore[no-any-return]


def questions(protocol: str, moment: str) -> list[Line]:
    """The questions of that moment (`before`, `leaving`), as they stand in the file, in order."""
    return [one for one in _all()["questions"] if one["moment"] == moment and protocol.startswith(tuple(one["routes"]))]


def question(id: str) -> Line:
    """One of them. KeyError when there is none."""
    return _by_id("questions")[id]


def rows() -> Mapping[str, Line]:
    """What can be charted, by id, in order."""
    return _by_id("rows")


def believed(row: str, part: str) -> tuple[Decimal, Decimal]:
    """From where to where a typed figure of that row can be; the same as for one that a device sends, where one does."""
    own = next(one for one in rows()[row]["parts"] if one["id"] == part)
    if "most" in own:
        return Decimal(own["least"]), Decimal(own["most"])
    sign = watch.watch().signs[row if part == VALUE else part]
    return sign.least, sign.most


def leaving() -> list[Line]:
    """What is seen before somebody goes home, in order."""
    return list(_all()["leaving"])


def ends() -> Mapping[str, Line]:
    """The ways in which a session ends, by id."""
    return _by_id("ends")


def rescues() -> Mapping[str, Line]:
    """The kinds of rescue medicine, by id."""
    return _by_id("rescue")


def cards() -> Mapping[str, Line]:
    """The emergency cards, by id."""
    return _by_id("cards")


def calls() -> Mapping[str, Line]:
    """What the patient can tap, by id."""
    return _by_id("calls")


def acts() -> Mapping[str, Mapping[str, str]]:
    """What somebody does about an alarm in one tap: by id, its words in each language."""
    return {one["id"]: one["title"] for one in _all()["seen"]["acts"]}


def looks_again() -> tuple[int, ...]:
    """In how many minutes somebody looks again at an alarm, to choose from."""
    return tuple(_all()["seen"]["looks_again"])


def margin() -> timedelta:
    """For how long after the expected end those who are needed are planned to be there."""
    return timedelta(minutes=_all()["margin"]["minutes"])


def patients_per_nurse() -> int:
    """How many patients one nurse watches at a time, at most."""
    return int(_all()["patients_per_nurse"]["most"])


def second_person(protocol: str) -> bool:
    """Does the time-out need one? Of a protocol about which nobody says otherwise: yes."""
    return next((one["needed"] for one in _all()["second_person"] if protocol.startswith(tuple(one["routes"]))), True)


def rules(
    protocol: str,
    *,
    between_devices: timedelta | None,
    watch_from_first: timedelta | None,
    watch_after_last: timedelta | None,
    asked: Collection[str] = (),
    signs: Mapping[str, Sign] | None = None,
    schedule: Schedule | None = None,
) -> Rules:
    """What a session under that protocol keeps; the times are what the site has signed. `asked`: what is asked once in a
    series, and was in an earlier session of it. `signs`, `schedule`: as signed; None: as the protocol has them."""
    signs, schedule = signs or watch.watch().signs, schedule or watch.schedule(protocol)
    asked_for = {row for one in schedule.checks if one.kind == "leaving" for row in one.rows}
    return Rules(
        questions=tuple(
            _question(one) for one in questions(protocol, "before") if not (one["once"] and one["id"] in asked)
        ),
        rows_before=tuple(id for id, one in rows().items() if one["before"]),
        fresh_before=next((one.span for one in watch.schedule(protocol).checks if one.kind == "before"), None),
        between_devices=between_devices,
        second_person=second_person(protocol),
        watch_from_first=watch_from_first,
        watch_after_last=watch_after_last,
        seen_within=timedelta(minutes=_all()["seen_within"]["minutes"]),
        leaving=tuple(
            Criterion(
                one["id"],
                one["gates"],
                bounds=tuple(_bound(each, signs, asked_for) for each in one["bounds"]),
                question=one["question"],
                answers=tuple(one["answers"]),
                stays=one["stays"],
            )
            for one in leaving()
        ),
        no_driving_hours={one["drug"]: one["hours"] for one in _all()["no_driving"]},
    )


def once() -> frozenset[str]:
    """The questions that are asked in one session of a series."""
    return frozenset(one["id"] for one in _all()["questions"] if one["once"])


def _question(told: Line) -> Question:
    after = told.get("after") or {"question": "", "unless": ()}
    effects = {each["id"]: Effect(each["does"]) for each in told["answers"]}
    return Question(told["id"], effects, after["question"], tuple(after["unless"]))


def _bound(told: Line, signs: Mapping[str, Sign], asked_for: Collection[str]) -> Bound:
    if told["limits"]:
        level = Level[told["limits"].upper()]
        lines = {one.side: one.absolute for one in signs[told["row"]].limits if one.level is level}
        most, least = lines.get("above"), lines.get("below")
        return Bound(told["row"], told["part"], most=most, least=least, own=True, needed=told["row"] in asked_for)
    figures: dict[str, Any] = {
        key: Decimal(told[key]) for key in ("most_above", "most_below", "most", "least") if told.get(key) is not None
    }
    return Bound(told["row"], told["part"], **figures)


def _by_id(part: str) -> Mapping[str, Line]:
    return {one["id"]: one for one in _all()[part]}
