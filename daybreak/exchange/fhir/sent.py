"""How is what the devices of a session sent written as FHIR R4: each device, what it measured, what it says happened?

Nobody entered any of it, and each resource refers to the device that it came from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from daybreak.clinical.records import Code
from daybreak.exchange.fhir.resources import Json, concept, filled
from daybreak.knowledge.terms import LOCAL, Terms

MINUTE = timedelta(minutes=1)
NOTHING = "E"  # what stands for a minute without a value
UCUM = "http://unitsofmeasure.org"


@dataclass(frozen=True, slots=True)
class Series:
    """The medians of one source of a device, by minute."""

    device: str
    sign: str
    title: str
    source: str
    unit: str
    medians: Mapping[datetime, Decimal]


@dataclass(frozen=True, slots=True)
class Happened:
    """What a device says that happened, as a line; `taken`: by its own clock; `figures`: each with its unit."""

    n: int
    device: str
    said: str
    received: datetime
    taken: datetime | None
    figures: Mapping[str, tuple[Decimal, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sent:
    """All of a session. `kinds`: what each device is, by its name."""

    kinds: Mapping[str, str] = field(default_factory=dict)
    series: Sequence[Series] = ()
    happened: Sequence[Happened] = ()


def resources(sent: Sent, *, id: str, common: Json, terms: Terms) -> Iterator[Json]:
    """`id`: of the session; `common`: whose it is, and in which visit."""
    ids = {name: f"{id}-device-{n}" for n, name in enumerate(sorted(sent.kinds), 1)}
    for name, each in ids.items():
        about = {"deviceName": [{"name": name, "type": "other"}], "type": {"text": sent.kinds[name]}}
        yield {"resourceType": "Device", "id": each, "identifier": [{"value": name}], **about}
    for n, one in enumerate(sent.series, 1):
        yield _series(one, n, id, ids[one.device], common, terms)
    for line in sent.happened:
        yield _happened(line, id, ids[line.device], common)


def _series(one: Series, n: int, id: str, device: str, common: Json, terms: Terms) -> Json:
    """Minute after minute; one in which nothing could be used says so."""
    first, last = min(one.medians), max(one.medians)
    count = (last - first) // MINUTE + 1
    values = [one.medians.get(first + each * MINUTE) for each in range(count)]
    return {
        "resourceType": "Observation",
        "id": f"{id}-sent-{n}",
        **common,
        "status": "final",
        "code": concept(one.title, terms.code_of(one.sign) or Code(LOCAL, one.sign), terms=terms),
        "effectivePeriod": {"start": first.isoformat(), "end": (last + MINUTE).isoformat()},
        "device": {"reference": f"Device/{device}"},
        "method": {"text": f"the median of each minute, by {one.source}; nobody entered it"},
        "valueSampledData": {
            "origin": {"value": Decimal(0), "unit": one.unit, "system": UCUM, "code": one.unit},
            "period": Decimal(MINUTE // timedelta(milliseconds=1)),
            "dimensions": 1,
            "data": " ".join(NOTHING if value is None else f"{value:f}" for value in values),
        },
    }


def _happened(one: Happened, id: str, device: str, common: Json) -> Json:
    own = f"by its own clock {one.taken.isoformat()}" if one.taken else ""
    components = [
        {"code": {"text": name}, "valueQuantity": {"value": value, "unit": unit, "system": UCUM, "code": unit}}
        for name, (value, unit) in one.figures.items()
    ]
    return {
        "resourceType": "Observation",
        "id": f"{id}-said-{one.n}",
        **common,
        "status": "final",
        "code": {"text": "what a device says that happened"},
        "effectiveDateTime": one.received.isoformat(),
        "device": {"reference": f"Device/{device}"},
        "valueString": one.said,
        **filled(component=components, note=[{"text": own}] if own else []),
    }
