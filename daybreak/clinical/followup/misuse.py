"""Which of the signs that somebody saw could come of misuse, and do they propose a conversation? Never a verdict.

A sign that is simply the treatment does not count, and one sign alone proposes nothing. What nobody asked about is not explained,
and counts for nothing either: it is said that it has to be asked first.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Standing(StrEnum):
    """What one sign is worth."""

    COUNTS = "counts"
    TREATMENT = "treatment"  # seen, or perhaps seen, within the drug's own time
    EXPLAINED = "explained"
    ASK = "ask"  # nobody has asked for another explanation


@dataclass(frozen=True, slots=True)
class Seen:
    """One sign, between which two moments it was seen, and when anything was last written about it. `explained` None: nobody
    asked yet. `lasting`: what somebody does, and no effect of a dose, counts at any time."""

    sign: str
    earliest: datetime
    latest: datetime
    noted: datetime
    explained: bool | None
    lasting: bool = False


@dataclass(frozen=True, slots=True)
class Dose:
    """What was given here: from the first exposure to the last one that is known of."""

    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Rule:
    """So long after the last exposure a sign may be the dose itself; so many different ones within so long propose to talk."""

    own: timedelta
    least: int
    within: timedelta


@dataclass(frozen=True, slots=True)
class Proposal:
    """Is a conversation proposed, by which different signs, and of which others nobody has asked for an explanation?"""

    talk: bool
    counts: tuple[str, ...]
    ask: tuple[str, ...]


def judge(seen: Seen, doses: Collection[Dose], rule: Rule) -> Standing:
    """A sign of which it is not sure that it was seen outside a dose's own time is taken for the dose."""
    near = any(seen.latest >= one.first and seen.earliest <= one.last + rule.own for one in doses)
    if near and not seen.lasting:
        return Standing.TREATMENT
    if seen.explained is None:
        return Standing.ASK
    return Standing.EXPLAINED if seen.explained else Standing.COUNTS


def proposal(
    found: Sequence[Seen], doses: Collection[Dose], rule: Rule, *, at: datetime, since: datetime | None
) -> Proposal:
    """Of what was seen lately, and written down after the last review (`since`), which could not know of it."""
    begin = at - rule.within
    lately = [one for one in found if one.latest >= begin and (since is None or one.noted > since)]
    by = {standing: _signs(lately, doses, rule, standing) for standing in (Standing.COUNTS, Standing.ASK)}
    counts = by[Standing.COUNTS]
    return Proposal(len(counts) >= rule.least, counts, tuple(one for one in by[Standing.ASK] if one not in counts))


def _signs(found: Sequence[Seen], doses: Collection[Dose], rule: Rule, standing: Standing) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.sign for one in found if judge(one, doses, rule) is standing))
