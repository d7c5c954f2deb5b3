"""In which state does a scale show a patient since the treatments of a course began, and is a response being lost?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from daybreak.clinical.followup.control import Control, control
from daybreak.clinical.followup.interval import Review, review
from daybreak.clinical.followup.response import At, State, states
from daybreak.knowledge import scales, steering
from daybreak.web.assessments.changed import rated
from daybreak.web.assessments.results import Rating

RESPONDS = frozenset({State.REMISSION, State.RESPONSE})


@dataclass(frozen=True, slots=True)
class Course:
    """`first`: the rating before the first treatment, None when there is none that is recent enough. `found`: the state at each
    rating after it. `control` None: there was no response yet that could be lost. `review`: when somebody looks again."""

    scale: str
    begun: date
    first: Rating | None
    found: tuple[At, ...]
    control: Control | None
    review: Review

    @property
    def state(self) -> State:
        """At the newest rating; without one nobody knows."""
        return self.found[-1].state if self.found else State.UNKNOWN

    @property
    def calls(self) -> bool:
        """Is there a sign that what was gained is going?"""
        return self.state is State.RELAPSE or (self.control is not None and self.control.signal is True)


def course(scale: str, ratings: Sequence[Rating], *, treated: Sequence[date], today: date) -> Course | None:
    """None where no figures of the scale say what a response is, or nothing was given yet."""
    rules = steering.state_rules(scale)
    if rules is None or not treated:
        return None
    begun = treated[0]
    before = [
        n for n, one in enumerate(ratings) if one.total is not None and begun - steering.baseline() <= one.day <= begun
    ]
    n = before[-1] if before else None
    first = None if n is None else ratings[n]
    later = [one for place, one in enumerate(ratings) if (one.day >= begun if n is None else place > n)]
    found = states(rules, first=first and rated(first), later=[(one.day, rated(one)) for one in later])
    chart = _control(scale, found, today)
    within, lost = steering.look_again(), steering.lost_again()
    state, seen = (found[-1].state, found[-1].day) if found else (State.UNKNOWN, begun)
    signal = None if chart is None else chart.signal
    return Course(
        scale,
        begun,
        first,
        found,
        chart,
        review(state, signal=signal, seen=seen, today=today, within=within, lost=lost),
    )


def _control(scale: str, found: Sequence[At], today: date) -> Control | None:
    """Of the ratings since the response; after a relapse since the next one, once it is there."""
    good = [n for n, one in enumerate(found) if one.state in RESPONDS]
    if not good:
        return None
    relapses = [n for n, one in enumerate(found) if one.state is State.RELAPSE]
    again = [n for n in good if not relapses or n > relapses[-1]]
    start = (again or good)[0]
    highest = sum(max(one.values(), default=0) for one in scales.scale(scale).items)
    scores = [(one.day, one.now.total if one.now.status == "complete" else None) for one in found[start:]]
    return control(steering.control_rule(), scores=scores, highest=highest, today=today)
