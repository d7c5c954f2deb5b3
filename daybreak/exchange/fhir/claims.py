"""How is a payer asked in FHIR R4 whether it will pay? (`Claim` with `use: preauthorization`)"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from daybreak.clinical.records import Code
from daybreak.exchange.fhir.resources import HL7, Json, concept, filled
from daybreak.knowledge.terms import Terms

NATIONAL = {"US": "http://hl7.org/fhir/sid/us-npi"}  # by country, FHIR's name of its register of prescribers


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that the payer asks about, and what the record says of it. `records` are references of the bundle."""

    title: str
    answer: str
    records: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ordered:
    """What is asked for; empty (`prescriber`: None) where nobody knows it. `diagnoses` are texts with their codes, `days` the
    planned treatments, `prescriber` an id and a name, `number` theirs in the register of the `country` (two letters)."""

    treatment: str
    drug: tuple[Code, ...] = ()
    dose: str = ""
    member: str = ""
    diagnoses: tuple[tuple[str, tuple[Code, ...]], ...] = ()
    days: tuple[date, ...] = ()
    prescriber: tuple[str, str] | None = None
    number: str = ""
    country: str = ""


def preauthorization(
    said: Iterable[Said],
    asks: Ordered,
    *,
    id: str,
    patient: str,
    payer: str,
    provider: str,
    created: date,
    terms: Terms,
) -> list[Json]:
    """The claim and, as far as they are known, the coverage and the prescriber that it names. What it rests on stands in
    `supportingInfo`, each record by a line of its own."""
    info: list[Json] = []
    for one in said:
        values: list[Json] = [{"valueString": one.answer}]
        values += [{"valueReference": {"reference": record}} for record in one.records]
        for value in values:
            info.append({"sequence": len(info) + 1, "category": {"text": one.title}, **value})
    kind = {"system": f"{HL7}/claim-type", "code": "professional"}
    diagnoses = [
        {"sequence": n, "diagnosisCodeableConcept": concept(text, *codes, terms=terms)}
        for n, (text, codes) in enumerate(asks.diagnoses, 1)
    ]
    cover, who = _coverage(asks, id=id, patient=patient, payer=payer), _practitioner(asks)
    return [
        {
            "resourceType": "Claim",
            "id": id,
            "status": "active",
            "type": {"coding": [kind]},
            "use": "preauthorization",
            "patient": {"reference": patient},
            "created": created.isoformat(),
            "insurer": {"display": payer},
            "provider": {"display": provider},
            "priority": {"coding": [{"system": f"{HL7}/processpriority", "code": "normal"}]},
            **filled(
                careTeam=[{"sequence": 1, "provider": _to(who), "responsible": True} for who in who],
                supportingInfo=info,
                diagnosis=diagnoses,
            ),
            "insurance": [{"sequence": 1, "focal": True, "coverage": _to(cover[0]) if cover else {"display": payer}}],
            "item": [_item(asks, diagnoses, careTeamSequence=[1 for _ in who], terms=terms)],
        },
        *cover,
        *who,
    ]


def _item(asks: Ordered, diagnoses: list[Json], *, careTeamSequence: list[int], terms: Terms) -> Json:
    days = asks.days
    return {
        "sequence": 1,
        **filled(careTeamSequence=careTeamSequence, diagnosisSequence=[one["sequence"] for one in diagnoses]),
        "productOrService": concept(asks.treatment, *asks.drug, terms=terms),
        **filled(
            servicedPeriod={"start": days[0].isoformat(), "end": days[-1].isoformat()} if days else None,
            quantity={"value": len(days)} if days else None,
        ),
    }


def _coverage(asks: Ordered, *, id: str, patient: str, payer: str) -> list[Json]:
    if not asks.member:
        return []
    return [
        {
            "resourceType": "Coverage",
            "id": f"{id}-cover",
            "status": "active",
            "subscriberId": asks.member,
            "beneficiary": {"reference": patient},
            "payor": [{"display": payer}],
        }
    ]


def _practitioner(asks: Ordered) -> list[Json]:
    if asks.prescriber is None:
        return []
    ref, name = asks.prescriber
    number = [filled(system=NATIONAL.get(asks.country), value=asks.number)] if asks.number else []
    return [{"resourceType": "Practitioner", "id": ref, **filled(identifier=number), "name": [{"text": name}]}]


def _to(one: Json) -> Json:
    return {"reference": f"{one['resourceType']}/{one['id']}"}
