"""Did the illness come back after a treatment had worked?

A rating reached the response; then so many in a row, some days apart, were at the limit again; and none reached it since.
A rating without total may have been anything: `None` when the answer hangs on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from daybreak.clinical.screening.response import ChangeRules, Rating, compare
from daybreak.clinical.screening.scoring.scale import Limit


@dataclass(frozen=True, slots=True)
class RelapseRule:
    """`limit`: totals that are ill again. So many of them `in_a_row`, the first and the last at least so long `apart`."""

    limit: Limit
    in_a_row: int
    apart: timedelta


@dataclass(frozen=True, slots=True)
class Course:
    """What the ratings so far come to. `high` of them in a row are at the limit, the first of these on the day `since`."""

    responded: bool = False
    relapsed: bool = False
    high: int = 0
    since: date = date.min


def relapsed(
    rules: ChangeRules, rule: RelapseRule, *, first: Rating, later: Iterable[tuple[date, Rating]]
) -> bool | None:
    """Of ratings in the order of their days, each judged against the `first`. No response yet: no relapse."""
    courses = {Course()}
    for day, one in later:
        courses = {
            _after(course, rule, day, responds=responds, high=high)
            for course in courses
            for responds, high in _may_be(rules, rule, first, one)
        }
    ends = {course.relapsed for course in courses}
    return ends.pop() if len(ends) == 1 else None


def _may_be(rules: ChangeRules, rule: RelapseRule, first: Rating, one: Rating) -> Iterator[tuple[bool, bool]]:
    """Whether it reaches the response, and whether it is at the limit: every pair that cannot be excluded."""
    found = compare(rules, before=first, now=one)
    unknown = found.refused is not None or one.status != "complete" or one.total is None
    for responds in (True, False) if found.response is None else (found.response,):
        for high in (True, False) if unknown else (rule.limit.reached(one.total or 0),):
            yield responds, high


def _after(course: Course, rule: RelapseRule, day: date, *, responds: bool, high: bool) -> Course:
    if responds:
        return Course(responded=True)
    if not high or not course.responded:
        return replace(course, high=0)
    since = course.since if course.high else day
    ill = course.high + 1 >= rule.in_a_row and day - since >= rule.apart
    return replace(course, high=course.high + 1, since=since, relapsed=course.relapsed or ill)
