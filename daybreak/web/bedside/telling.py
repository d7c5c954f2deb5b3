"""How is what a pump says of itself written for people: each figure beside what was ordered, and what it says happened?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from daybreak.clinical.answers import Reason, Term
from daybreak.clinical.treatment import programmes, pump
from daybreak.clinical.treatment.events import decimal
from daybreak.clinical.treatment.programmes import SLIPS
from daybreak.clinical.treatment.pump import DELIVERED, DOSE_RATE, Compared, Fits, Runs, Shown
from daybreak.clinical.treatment.units import written
from daybreak.exchange.hl7 import read
from daybreak.exchange.hl7.pumped import shown
from daybreak.knowledge import devices, pumps
from daybreak.knowledge.sentences import language as spoken
from daybreak.web import zones
from daybreak.web.bedside import plans, queries
from daybreak.web.bedside.evidence import Said
from daybreak.web.bedside.models import Binding, Kind, What
from daybreak.web.treatment.queries import Now
from daybreak.web.words import known, word

UNITS = {**programmes.UNITS, DOSE_RATE: "mg/h"}
NAMES = {**programmes.FIELDS, DOSE_RATE: Term("pump.dose_rate")}
SHAPES = {Fits.AGREES: "met", Fits.DIFFERS: "not-met", Fits.UNKNOWN: "unknown"}
ALARMS = {"pump.drug.differs": "bedside.pump_drug", "pump.dose_rate.inconsistent": "bedside.pump_inconsistent"}
RUNS = {Runs.RUNS: "bedside.runs_runs", Runs.PAUSED: "bedside.runs_paused", Runs.STANDS: "bedside.runs_stands"}
FITS = {Fits.AGREES: "bedside.fits_agrees", Fits.DIFFERS: "bedside.fits_differs", Fits.UNKNOWN: "bedside.fits_unknown"}
KINDS = {Kind.MONITOR: "bedside.by_monitor", Kind.PUMP: "bedside.by_pump"}
OWN = {Kind.MONITOR: "bedside.own_monitor", Kind.PUMP: "bedside.own_pump"}
BESIDE = {  # what no order gives has a name of its own
    pump.FLOW: "bedside.figure_flow",
    pump.LEFT: "bedside.figure_left",
    pump.DELIVERED: "bedside.figure_delivered",
}
WEIGHTS = {"pounds": "bedside.pump_pounds", "differs": "bedside.pump_weight"}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a pump as it stands on a page."""

    name: str
    shown: str
    ordered: str
    shape: str
    said: str


@dataclass(frozen=True, slots=True)
class Pump:
    """The pump of a session as it stands on a page; `seconds` None: it has said nothing since it was bound. `figures`: held
    against the order, where that was asked for."""

    device: str
    runs: str
    delivered: str
    drug: str
    seconds: int | None
    old: bool
    figures: tuple[Figure, ...]


def of_pump(binding: Binding, session: Now | None, *, at: datetime, language: str) -> Pump:
    """From its newest messages. `session`: whose order it is held against; None where only what it does is asked for."""
    said, last = Shown(), None
    for message in queries.last_few(binding):
        last = message.created
        for report in read(bytes(message.content)):
            if report.device == binding.device.name:
                said = pump.merged(said, shown(report))
    compared = pump.compared(said, plans.plan(session, at=at), plans.screen()) if session else ()
    old = last is None or at - last > pumps.lost()
    return Pump(
        device=binding.device.name,
        runs=word(RUNS[said.runs] if said.runs and not old else "bedside.runs_unknown", language),
        delivered=_figure(said.figures.get(DELIVERED), "mL"),
        drug=said.drug,
        seconds=max((at - last) // timedelta(seconds=1), 0) if last else None,
        old=old,
        figures=tuple(_line(one, language) for one in compared),
    )


def _line(one: Compared, language: str) -> Figure:
    name, unit = spoken(language).word(NAMES[one.name].id), UNITS[one.name]
    said = word(FITS[one.fits], language)
    return Figure(name, _figure(one.shown, unit), _figure(one.ordered, unit), SHAPES[one.fits], said)


def _figure(value: Decimal | Fraction | None, unit: str) -> str:
    return f"{written(value)} {unit}" if value is not None else "?"


def alarm(id: str, told: Mapping[str, Any], language: str) -> str:
    """An alarm about a pump, or of a device itself, in one sentence."""
    if id.startswith("own."):
        _, kind, name, *_ = id.split(".")
        return word(OWN[Kind(kind)], language, what=title(name, language))
    _, field, why = id.split(".", 2)
    value, right = decimal(told.get("value")), decimal(told.get("absolute"))
    figures = {
        "shown": written(value) if value is not None else "?",
        "ordered": written(right) if right is not None else "?",
    }
    if id in ALARMS:
        return word(ALARMS[id], language, **figures)
    if field == "weight" and why in WEIGHTS:
        return word(WEIGHTS[why], language, **figures)
    if why == pump.UNREADABLE:
        return word("bedside.pump_unreadable", language, what=_named(field, language))
    values: dict[str, Any] = {**figures, "what": NAMES[field], "unit": UNITS[field]}
    slips = tuple(SLIPS[one] for one in why.split("+") if one in SLIPS)
    reason = Reason("pump.slip", {**values, "slips": slips}) if slips else Reason("pump.differs", values)
    return spoken(language).say(reason)


def _named(field: str, language: str) -> str:
    return spoken(language).word(NAMES[field].id) if field in NAMES else word(BESIDE[field], language)


def title(name: str, language: str) -> str:
    """What an event or an alarm is called; one that nobody knows is called as the device calls it."""
    found = devices.titles().get(name)
    return found[known(language)] if found else name


def happening(one: Said, language: str) -> str:
    """What a device says that happened, as one line: by which, and when by its own clock."""
    text = word(KINDS[one.kind], language, device=one.device)
    own = word("bedside.own_clock", language, at=zones.clock(one.taken)) if one.taken else ""
    return f"{text}: {' · '.join(part for part in (*_happened(one, language), own) if part)}"


def _happened(one: Said, language: str) -> list[str]:
    told = one.told
    if one.what is What.ALARM:
        name = title(told["name"], language)
        began = "bedside.own_over" if told["over"] else "bedside.own_begins"
        said = word("bedside.own_said", language, text=told["text"]) if told["text"] else ""
        priority = word("bedside.own_priority", language, priority=told["priority"]) if told["priority"] else ""
        return [word(began, language, what=name), said, priority]
    figures = {name: Decimal(value) for name, value in told["figures"].items()}
    amount = word("bedside.has_delivered", language, ml=_figure(figures.get(DELIVERED), "mL"))
    if one.what is What.EVENT:
        return [title(told["name"], language), amount]
    if one.what is What.RUNS:
        return [word(RUNS[Runs(told["runs"])] if told["runs"] else "bedside.runs_unknown", language), amount]
    shown = [f"{_named(name, language)} {_figure(figures[name], UNITS[name])}" for name in UNITS if name in figures]
    return [word("bedside.is_set", language, what=", ".join(shown)), told["drug"]]
