"""What do the messages of the pump of a session mean, one after the other? (kept in memory by the process that listens)"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from daybreak.clinical.treatment import pump
from daybreak.clinical.treatment.alarms import Alarm
from daybreak.clinical.treatment.pump import Plan, Runs, Shown
from daybreak.exchange.hl7.pumped import shown
from daybreak.exchange.hl7.report import Report
from daybreak.knowledge import pumps
from daybreak.web.bedside.judging import Bound, Line, readable, taken
from daybreak.web.bedside.models import Kind, What
from daybreak.web.bedside.plans import screen

SETTINGS = ("rate", "concentration", "volume", "dose", "minutes", "weight", "mg_per_hour", "mg_per_kg_hour")
PLANNED_EVERY = 30.0  # seconds: an order changes without an event of the session


@dataclass(slots=True)
class Pump(Bound):
    """A pump that gives to the patient of a session. `plan`: what was ordered, read anew from time to time (`planned`)."""

    plan: Plan = field(default_factory=Plan)
    planned: float = 0.0
    shown: Shown = field(default_factory=Shown)
    kind: ClassVar[Kind] = Kind.PUMP

    def current(self, seq: int) -> bool:
        """Does it know the session as it is by now?"""
        return self.seq == seq and time.monotonic() - self.planned < PLANNED_EVERY

    def plans(self, plan: Plan) -> None:
        """What was ordered by now."""
        self.plan, self.planned = plan, time.monotonic()

    def remembers(self, told: Mapping[str, Any]) -> None:
        """After a start: what its last line says."""
        self.shown = read(told)

    def _values(self, report: Report, late: timedelta, at: datetime) -> None:
        before, now = self.shown, shown(report)
        cleared = report.event is not None and pumps.clears(report.event.name)
        self.shown = pump.merged(pump.cleared(before) if cleared else before, now)
        says = pump.says(self.shown, self.plan, screen())
        self.now = replace(self.now, state=replace(self.now.state, now=at, alarms={
            id: Alarm(id, one.level, at, one.sources, one.value, one.line) for id, one in says.items()
        }))  # fmt: skip
        if report.event is not None:
            told = {"name": readable(report.event.name or str(report.event.number or "?"))} | written(self.shown)
            self.lines.append(Line(What.EVENT, told, taken(report)))
        if self.shown.runs is not before.runs:
            self.lines.append(Line(What.RUNS, written(self.shown), taken(report)))
        elif _settings(self.shown) != _settings(before):
            self.lines.append(Line(What.SET, written(self.shown), taken(report)))


def written(one: Shown) -> dict[str, Any]:
    """As a line keeps it."""
    figures = {name: f"{value:f}" for name, value in sorted(one.figures.items())}
    return {
        "figures": figures,
        "unreadable": sorted(one.unreadable),
        "drug": readable(one.drug),
        "product": one.product,
        "runs": one.runs.value if one.runs else "",
    }


def read(told: Mapping[str, Any]) -> Shown:
    """And back."""
    figures = {name: Decimal(value) for name, value in told["figures"].items()}
    unreadable = frozenset(told.get("unreadable", ()))
    return Shown(figures, unreadable, told["drug"], told["product"], Runs(told["runs"]) if told["runs"] else None)


def _settings(one: Shown) -> dict[str, Any]:
    """How it is set, and what of that nobody can read; what it counts changes by itself, and a pump that stands may show 0 as its
    rate."""
    return {name: one.figures.get(name) for name in SETTINGS} | {"drug": one.drug, "unreadable": one.unreadable}
