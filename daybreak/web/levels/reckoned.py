"""Which curve do published models draw of a session, by what its record says was given, and on what does it rest?

What is not known of the patient widens it, or there is none; no value is put in for it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from daybreak.clinical.answers import Reason
from daybreak.clinical.treatment import levels
from daybreak.clinical.treatment.events import Event, What, decimal
from daybreak.clinical.treatment.kinetics import Nasal
from daybreak.clinical.treatment.levels import MINUTE, Dose, Edges, around, begun, infused, sprayed
from daybreak.clinical.treatment.session import corrected
from daybreak.clinical.treatment.weights import ORDER, SCALE
from daybreak.knowledge import kinetics
from daybreak.web import zones
from daybreak.web.dosing.worked import ages
from daybreak.web.patients import queries as patients
from daybreak.web.treatment.queries import Now

LONGEST = timedelta(hours=24)
PEOPLE, SEED = 1000, 1  # made-up ones, between whom nine of ten are looked for
NINE_OF_TEN = (0.05, 0.95)


@dataclass(frozen=True, slots=True)
class Reckoned:
    """`edges`: the least and the most of what the models say; `lines`: each of several by itself; `people`: where nine of ten
    people are, by a model that says how far they differ. `no_people`: it does, and what is needed to work it out is missing."""

    zero: datetime
    minutes: int
    doses: tuple[Dose, ...]
    models: tuple[Mapping[str, Any], ...]
    edges: Edges
    lines: tuple[Edges, ...] = ()
    people: Edges | None = None
    no_people: bool = False
    kgs: tuple[tuple[str, Decimal], ...] = ()
    ages: tuple[int, int] | None = None

    @property
    def outer(self) -> Edges:
        """The widest of them."""
        return self.people or self.edges

    def at(self, minute: int) -> datetime:
        return self.zero + minute * MINUTE


def reckoned(now: Now, *, at: datetime) -> Reckoned | tuple[Reason, ...]:
    """Until now, or until the session ended; or why nothing can be drawn."""
    ended = now.state.ended
    until = ended.at if ended else at
    doses, why = levels.doses(now.events, now=until)
    if why:
        return why
    models = tuple(kinetics.of_order(doses[0].drug, doses[0].way))
    if not models:
        return (Reason("levels.no-model"),)
    zero = begun(doses)
    minutes = max(math.floor(min(until - zero, LONGEST) / MINUTE), 1)
    if models[0]["shape"] != "nasal":
        return _infused(Reckoned(zero, minutes, doses, models, Edges((), ())), now.events)
    return _sprayed(Reckoned(zero, minutes, doses, models, Edges((), ())), now)


def _infused(one: Reckoned, events: Sequence[Event]) -> Reckoned | tuple[Reason, ...]:
    """Every weight that was told and not refused makes an edge of its own."""
    kgs = _weights(events)
    if not kgs:
        return (Reason("levels.no-weight"),)
    weighed = sorted({float(kg) for _, kg in kgs})
    lines = tuple(
        around(infused(one.doses, kinetics.by_weight(told, kg=kg), minutes=one.minutes) for kg in weighed)
        for told in one.models
    )
    return replace(one, edges=around(lines), lines=lines, kgs=kgs)


def _weights(events: Sequence[Event]) -> tuple[tuple[str, Decimal], ...]:
    found: dict[str, Decimal] = {}
    for event in corrected(events):
        told = event.told.get("order")
        if event.what == What.TIMED_OUT and isinstance(told, dict) and (kg := decimal(told.get("weight_kg"))):
            found[ORDER] = kg
        if (
            event.what == What.PUMP_COMPARED
            and not event.told.get("refused")
            and (kg := decimal(event.told.get(SCALE)))
        ):
            found[SCALE] = kg
    return tuple(found.items())


def _sprayed(one: Reckoned, now: Now) -> Reckoned | tuple[Reason, ...]:
    (told,) = one.models
    own = kinetics.numbers(told)
    most = sum((dose.high_mg for dose in one.doses), Decimal(0))
    if most > own["most_mg"]:
        return (Reason("levels.beyond", {"mg": most, "most": Decimal(own["most_mg"])}),)
    old = ages(patients.details(now.session.patient).birth, zones.day(one.zero, now.session.site.zone))
    if old is None:
        return (Reason("levels.no-age"),)
    if not own["youngest"] <= old[0] <= old[1] <= own["oldest"]:
        known = {name: Decimal(own[name]) for name in ("youngest", "oldest")}
        return (Reason("levels.other-age", known),)
    everybody = kinetics.may_be(told, ages=old)
    edges = around(sprayed(one.doses, each, minutes=one.minutes) for each in everybody)
    people = _people(one, told, everybody)
    wide = around([edges, people]) if people else None
    return replace(one, edges=edges, people=wide, no_people=people is None, ages=old)


def _people(one: Reckoned, told: Mapping[str, Any], everybody: Sequence[Nasal]) -> Edges | None:
    """Of the least that may have been given the lower edge, of the most the upper one. None: numpy is not installed."""
    try:
        from daybreak.outcomes import bands
    except ImportError:
        return None
    given = {tuple(levels.devices(one.doses, most=most, late=late)) for most in (False, True) for late in (False, True)}
    found = []
    for middle in everybody:
        who = bands.like(middle, told, PEOPLE, seed=SEED)
        for devices in given:
            low, high = bands.of(who, devices, one.minutes, shares=NINE_OF_TEN).T
            found.append(Edges(*(tuple(max(float(one), 0.0) for one in edge) for edge in (low, high))))
    return around(found)
