"""Which of the signs that we watch did a device measure, as values to be judged?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from daybreak.clinical.treatment.vitals import number
from daybreak.exchange.hl7.report import Observation, Report
from daybreak.knowledge.devices import metrics, unit
from daybreak.knowledge.pumps import figures


@dataclass(frozen=True, slots=True)
class Measured:
    """One value, still as text. `source`: the kind of source and the metric, because each of two that measure the same sign ages
    by itself. `unit` None: unknown. `value` empty: the device had none, or only pretended."""

    sign: str
    value: str
    unit: str | None
    source: str
    taken: datetime | None


def measured(report: Report) -> list[Measured]:
    """The values of a report, in its order. What is no sign of ours is not among them."""
    return [_measured(one) for one in report.observations if one.number in metrics()]


def kinds(report: Report) -> set[str]:
    """Of which kinds of source it has values."""
    known = metrics()
    return {known[n].by for one in report.observations if (n := one.number) is not None and n in known}


def unwatched(report: Report) -> list[str]:
    """The names of the values that it has beside them: kept, and watched by nobody."""
    known = metrics().keys() | figures().keys()
    return [one.name or str(one.number) for one in report.observations if one.value and one.number not in known]


def _measured(one: Observation) -> Measured:
    assert one.number is not None
    metric, named = metrics()[one.number], unit(one.unit)
    value = "" if one.missing or one.demo else one.value
    if named is not None and named.divisor is not None and (figure := number(value)) is not None:
        value = f"{figure / named.divisor:f}"
    return Measured(metric.sign, value, named.id if named else None, f"{metric.by} {one.number}", one.taken)
