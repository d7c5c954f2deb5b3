"""What does a pump say of itself in one message, as figures in our units?"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from daybreak.clinical.treatment import pump
from daybreak.clinical.treatment.pump import PER_HOUR, PER_KG_HOUR, Shown
from daybreak.clinical.treatment.vitals import number
from daybreak.exchange.hl7.report import Kind, Observation, Report
from daybreak.knowledge import pumps

# In which unit each figure is compared; the rate of a dose is another figure by weight.
UNITS = {
    "rate": ("mL/h",),
    "flow": ("mL/h",),
    "volume": ("mL",),
    "left": ("mL",),
    "delivered": ("mL",),
    "concentration": ("mg/mL",),
    "dose": ("mg",),
    "minutes": ("min",),
    "weight": ("kg",),
    "dose_rate": ("mg/h", "mg/kg/h"),
}
LONGEST = 20  # letters of a figure: what is longer no pump shows
RATES = {"mg/h": PER_HOUR, "mg/kg/h": PER_KG_HOUR}


def of_a_pump(report: Report) -> bool:
    """Is it a report of a pump?"""
    return report.kind is Kind.PUMP_EVENT or any(one.number in pumps.figures() for one in report.observations)


def shown(report: Report) -> Shown:
    """What it says; a figure that it says twice and differently is one that nobody can read."""
    found: dict[str, set[Decimal]] = {}
    unreadable, words = set[str](), {pumps.DRUG: list[str](), pumps.STATUS: list[str]()}
    for one in report.observations:
        figure = pumps.figures().get(one.number or 0)
        if figure is None or one.missing or one.demo or not one.value:
            continue
        if figure in words:
            words[figure].append(one.value)
        elif (read := _read(figure, one)) is None:
            unreadable.add(figure)
        else:
            found.setdefault(read[0], set()).add(read[1])
    twice = {name for name, values in found.items() if len(values) > 1}
    unreadable |= {pump.DOSE_RATE if name in RATES.values() else name for name in twice}
    said = {pumps.runs(word) for word in _states(report, words[pumps.STATUS])} - {None}
    drug = words[pumps.DRUG][-1] if words[pumps.DRUG] else ""
    return Shown(
        {name: values.pop() for name, values in found.items() if len(values) == 1},
        frozenset(unreadable),
        drug,
        pumps.product(drug),
        said.pop() if len(said) == 1 else None,
    )


def _states(report: Report, status: list[str]) -> Iterable[str]:
    """What its status says; where it has none, what its event does."""
    return status or ([report.event.name] if report.event else [])


def _read(figure: str, one: Observation) -> tuple[str, Decimal] | None:
    value, unit = number(one.value) if len(one.value) <= LONGEST else None, pumps.unit(one.unit)
    if value is None or unit is None or unit.id not in UNITS[figure]:
        return None
    return RATES.get(unit.id, figure), value * unit.times / unit.by
