"""How far apart are doses of two ketamine products, before a course of one of them?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from daybreak.clinical.answers import Unreadable
from daybreak.clinical.records import When


@dataclass(frozen=True, slots=True)
class Dose:
    """A dose of a product (`ketamine`, `esketamine`) that is known of; `when` None: nobody said."""

    product: str
    when: When | Unreadable | None


@dataclass(frozen=True, slots=True)
class Gap:
    """What stands against a treatment on a day. `others`: doses of another product are known of, the newest of them, as far
    as it can be said, on `newest`; `unsigned`: nobody has signed how far apart they have to be; `unknown`: that they are so
    far apart cannot be said, because of a day that is not known well enough; `soon`: the latest dose that certainly was
    too short a time before, None when none was."""

    others: tuple[Dose, ...] = ()
    newest: date | None = None
    unsigned: bool = False
    unknown: bool = False
    soon: Dose | None = None


def gap(doses: Sequence[Dose], *, product: str, first: date, days: int | None) -> Gap:
    """Before a treatment with `product` on `first`, when at least so many `days` have to lie between; None: nobody signed."""
    others = tuple(one for one in doses if one.product != product)
    known = [(one.when, one) for one in others if isinstance(one.when, When)]
    newest = max((when.latest for when, _ in known), default=None)
    unknown = len(known) < len(others)
    if days is None:
        return Gap(others, newest, bool(others), unknown)
    last = first - timedelta(days=days)  # on that day it may have been given
    soon = [(when.earliest, n) for n, (when, _) in enumerate(known) if last < when.earliest <= first]
    unknown = unknown or any(when.earliest <= last < when.latest for when, _ in known)
    return Gap(others, newest, False, unknown, known[max(soon)[1]][1] if soon else None)
