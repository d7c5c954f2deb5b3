"""What does a message of a monitor or a pump report: of which device and patient, and which observations? (IHE PCD-01, -04, -10)

An observation is known by its MDC number, wherever that stands. Nothing is judged here, and nothing is left out because it
is odd: what has no number, or none that we know, keeps its name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum

from daybreak.exchange.hl7.message import Segment, Unreadable, Why, split
from daybreak.exchange.hl7.moments import moment

MOST_SEGMENTS = 2000
LEAST_CONTEXT_FREE = 1 << 16  # an MDC number with its partition; below it only the place among others
CODING = ("MDC", "")
SYSTEM_ONLY = ".0.0.0"  # the place of a whole device
DEMO = "DEMO"
PRIORITIES = ("PH", "PM", "PL", "PN")  # high, medium, low, none
CODED = ("CWE", "CNE", "CE")


class Kind(StrEnum):
    """Which of the three kinds of message it is."""

    OBSERVATIONS = "observations"
    ALARM = "alarm"
    PUMP_EVENT = "pump_event"


KINDS = {"R01": Kind.OBSERVATIONS, "R40": Kind.ALARM, "R42": Kind.PUMP_EVENT}


@dataclass(frozen=True, slots=True)
class Observation:
    """One value as it came. `number` None: no MDC number was found. `unit`: the code and its name, as they came.

    `place`: where in the device; `missing`: the device itself says that there is no result; `demo`: it says that it pretends.
    """

    number: int | None
    name: str
    value: str
    unit: tuple[str, ...]
    place: str
    flags: tuple[str, ...] = ()
    missing: bool = False
    demo: bool = False
    taken: datetime | None = None


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm of the device itself: what, `about` which of its metrics or parts, in which phase, and what it says of its
    priority and its sound."""

    number: int | None
    name: str
    text: str
    phase: str
    state: str
    sound: str
    flags: tuple[str, ...]
    priority: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class PumpEvent:
    """What happened in a pump, by its name without the prefix of the nomenclature: `PUMP_DELIV_START`."""

    number: int | None
    name: str


@dataclass(frozen=True, slots=True)
class Report:
    """What one device reports about one patient. `patients`: their ids, each with who gave it; `sent` by the device's clock.

    `trial`: the header says that this is no production.
    """

    kind: Kind
    control: str
    sender: str
    device: str
    patients: tuple[str, ...]
    bed: str
    sent: datetime | None
    observations: tuple[Observation, ...]
    trial: bool = False
    alarm: Alarm | None = None
    event: PumpEvent | None = None

    @property
    def demo(self) -> bool:
        """Does any of its values pretend?"""
        return any(one.demo for one in self.observations)


def read(message: bytes, *, zone: tzinfo | None = None) -> list[Report]:
    """What it reports, a report for each patient and device. `zone`: of times that name none. Raises `Unreadable` alone."""
    segments = split(message)
    if len(segments) > MOST_SEGMENTS:
        raise Unreadable(Why.TOO_MUCH)
    header = segments[0]
    code, trigger = header.text(9), header.text(9, 2)
    kind = KINDS.get(trigger)
    if code != "ORU" or kind is None:
        raise Unreadable(Why.KIND)
    found = [_report(header, kind, *group, zone=zone) for group in _groups(segments[1:])]
    return [one for one in found if one.observations or one.alarm or one.event] or found[:1]


def _groups(segments: Sequence[Segment]) -> Iterator[tuple[Segment | None, Segment | None, str, list[Segment], str]]:
    """By patient and order: PID, OBR, bed, OBX lines, and the device that was named for this patient before."""
    patient, order, bed, lines, device = None, None, "", list[Segment](), ""
    for one in segments:
        if one.name in ("PID", "OBR"):
            if lines or order:
                yield patient, order, bed, lines, device
                device = _device_of(order, lines) or device
            lines, order = [], one if one.name == "OBR" else None
            if one.name == "PID":
                patient, bed, device = one, "", ""
        elif one.name == "PV1":
            bed = one.field(3).strip()
        elif one.name == "OBX":
            lines.append(one)
    yield patient, order, bed, lines, device


def _report(
    header: Segment,
    kind: Kind,
    patient: Segment | None,
    order: Segment | None,
    bed: str,
    lines: Sequence[Segment],
    device: str,
    *,
    zone: tzinfo | None,
) -> Report:
    ordered = order.text(7) if order else ""
    observations = tuple(_observation(one, ordered, zone) for one in lines)
    return Report(
        kind=kind,
        control=header.text(10),
        sender=header.text(3),
        device=_device_of(order, lines) or device or header.text(3, 2) or header.text(3),
        patients=_patients(patient),
        bed=bed,
        sent=moment(header.text(7), zone=zone),
        observations=observations,
        trial=header.text(11) not in ("P", ""),
        alarm=_alarm(lines) if kind is Kind.ALARM else None,
        event=_event(lines) if kind is Kind.PUMP_EVENT else None,
    )


def _observation(line: Segment, ordered: str, zone: tzinfo | None) -> Observation:
    number, name = line.coded(3, _coded)
    place, taken = line.text(4), line.text(14) or ordered
    if number is None:
        number = _context_free(place.rpartition(".")[2])
    flags = _flags(line)
    return Observation(
        number,
        name,
        _value(line),
        line.coded(6, _unit),
        place,
        flags,
        line.text(11) == "X",
        DEMO in flags,
        moment(taken, zone=zone) if taken else None,
    )


def _value(line: Segment) -> str:
    """Of a code its name, where it has one."""
    return (line.text(5, 2) if line.text(2) in CODED else "") or line.text(5)


def _unit(components: Sequence[str]) -> tuple[str, ...]:
    return tuple(one for one in components if one)


def _flags(line: Segment) -> tuple[str, ...]:
    return tuple(one for each in line.repeated(8) for one in each if one) if line.field(8) else ()


def _coded(components: Sequence[str]) -> tuple[int | None, str]:
    """The MDC number and the name of a coded field: in its first three parts, or among the alternatives behind them."""
    names = []
    for n in range(0, len(components), 3):
        code, name, system = (*components[n : n + 3], "", "")[:3]
        if system not in CODING:
            continue
        if (number := _context_free(code)) is not None:
            return number, name
        names.append(name or code)
    return None, next(iter(names), components[0] if components else "")


def _context_free(text: str) -> int | None:
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        return None
    return number if (number := int(text)) >= LEAST_CONTEXT_FREE else None


def _device_of(order: Segment | None, lines: Sequence[Segment]) -> str:
    """Which device: as the line of the whole device says, else the line of a value, else the order; empty when none does."""
    named = ""
    for one in lines:
        if name := one.text(18):
            if one.text(4).endswith(SYSTEM_ONLY):
                return name
            named = named or (name if one.text(5) else "")
    if named or order is None:
        return named
    filler = order.components(3)
    return filler[0] if len(filler) > 3 and not filler[2] and filler[3] == "EUI-64" else ""


def _patients(line: Segment | None) -> tuple[str, ...]:
    if line is None:
        return ()
    found = ((*one, "", "", "")[:4] for one in line.repeated(3))
    return tuple(f"{one[0]}^{one[3]}" if one[3] else one[0] for one in found if one[0])


# The facets of an alarm, by their names; older devices leave the prefix out.
_PHASE = ("MDC_ATTR_EVENT_PHASE", "MDC_ATTR_EVT_PHASE", "EVENT_PHASE")
_STATE = ("MDC_ATTR_ALARM_STATE", "ALARM_STATE")
_SOUND = ("MDC_ATTR_ALARM_INACTIVATION_STATE", "INACTIVATION_STATE")
_TEXT = ("MDC_ATTR_ALERT_TEXT",)
_PRIORITY = ("MDC_ATTR_ALARM_PRIORITY", "ALARM_PRIORITY")
_ABOUT = ("MDC_ATTR_ALERT_SOURCE", "ALERT_SOURCE")
_AS_WRITTEN = 9  # the part of a code in which its maker's own words stand
_CONDITION = ("MDC_ATTR_EVT_COND", "MDCX_ATTR_EVT_COND")
_ALARM = "MDC_EVT_ALARM"
_EVENT = ("MDC_EVT_", "MDCX_EVT_")
_PREFIXES = ("MDC_EVT_", "MDCX_EVT_", "MDC_", "MDCX_")


def _alarm(lines: Sequence[Segment]) -> Alarm:
    """What it is stands in the line of the event: by its own number, or, under the number of alarms as such, as its value."""
    named = {_coded(one.components(3))[1]: one for one in lines}
    event = next((one for name, one in named.items() if name.startswith(_EVENT)), None)
    number, name, text, flags = None, "", _first(named, _TEXT), tuple[str, ...]()
    if event is not None:
        number, name = _coded(event.components(3))
        if name == _ALARM:
            number, name = _coded(event.components(5))
            text = text or event.text(5, _AS_WRITTEN)
        else:
            text = text or event.text(5)
        flags = _flags(event)
    priority = next((one for one in (_first(named, _PRIORITY), *flags) if one in PRIORITIES), "")
    said = (_first(named, _PHASE), _first(named, _STATE), _first(named, _SOUND))
    return Alarm(number, name, text, *said, flags, priority, _first(named, _ABOUT))


def _event(lines: Sequence[Segment]) -> PumpEvent | None:
    for one in lines:
        if _coded(one.components(3))[1] in _CONDITION:
            number, name = _coded(one.components(5))
            prefix = next((each for each in _PREFIXES if name.startswith(each)), "")
            return PumpEvent(number, name.removeprefix(prefix))
    return None


def _first(named: dict[str, Segment], names: Sequence[str]) -> str:
    return next((named[one].text(5) for one in names if one in named), "")
