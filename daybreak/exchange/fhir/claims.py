"""How is a payer asked in FHIR R4 whether it will pay? (`Claim` with `use: preauthorization`)"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from daybreak.exchange.fhir.resources import Json, filled


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that the payer asks about, and what the record says of it. `records` are references of the bundle."""

    title: str
    answer: str
    records: tuple[str, ...] = ()


def preauthorization(
    said: Iterable[Said], *, id: str, patient: str, payer: str, provider: str, treatment: str, created: date
) -> Json:
    """The claim. What it rests on stands in `supportingInfo`, each record by a line of its own."""
    info: list[Json] = []
    for one in said:
        values: list[Json] = [{"valueString": one.answer}]
        values += [{"valueReference": {"reference": record}} for record in one.records]
        for value in values:
            info.append({"sequence": len(info) + 1, "category": {"text": one.title}, **value})
    kind = {"system": "http://terminology.hl7.org/CodeSystem/claim-type", "code": "professional"}
    return {
        "resourceType": "Claim",
        "id": id,
        "status": "active",
        "type": {"coding": [kind]},
        "use": "preauthorization",
        "patient": {"reference": patient},
        "created": created.isoformat(),
        "insurer": {"display": payer},
        "provider": {"display": provider},
        "priority": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/processpriority", "code": "normal"}]},
        **filled(supportingInfo=info),
        "insurance": [{"sequence": 1, "focal": True, "coverage": {"display": payer}}],
        "item": [{"sequence": 1, "productOrService": {"text": treatment}}],
    }
