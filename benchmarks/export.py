"""What does a whole export of a record look like, with everything in it that no rule asks about?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from daybreak.demo.people import records

ORDINARY = 250  # resources of no interest in one export; public synthetic exports have about as many
VISITS = ("Follow-up", "Telephone encounter", "General examination", "Laboratory visit")
READINGS = (
    ("8302-2", "Body height", 168.0, "cm"),
    ("29463-7", "Body weight", 71.4, "kg"),
    ("2093-3", "Cholesterol", 184.2, "mg/dL"),
)


def write(folder: Path, *, copies: int, ordinary: int = ORDINARY) -> list[Path]:
    """The demo's patients, `copies` of each, as one bundle a file, each with that many ordinary resources."""
    files = []
    for record in records(copies):
        bundle = record.bundle()
        bundle["entry"] += [{"resource": one} for one in _ordinary(record.id, ordinary)]
        files.append(folder / f"{record.id}.json")
        files[-1].write_text(json.dumps(bundle, indent=1), "utf-8")
    return files


def _ordinary(patient: str, count: int) -> Iterator[dict[str, Any]]:
    """Visits, bills and readings, in turn."""
    subject = {"reference": f"Patient/{patient}"}
    for n in range(count):
        day = f"20{10 + n % 15}-{1 + n % 12:02d}-{1 + n % 28:02d}"
        common = {"id": f"{patient}-ordinary-{n}", "meta": {"versionId": "1", "lastUpdated": f"{day}T08:00:00Z"}}
        match n % 4:
            case 0:
                yield {
                    "resourceType": "Encounter",
                    **common,
                    "status": "finished",
                    "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"},
                    "type": [{"text": VISITS[n % len(VISITS)]}],
                    "subject": subject,
                    "participant": [{"individual": {"display": "Dr Ines Vale"}, "period": {"start": day, "end": day}}],
                    "period": {"start": f"{day}T08:00:00Z", "end": f"{day}T08:20:00Z"},
                    "serviceProvider": {"display": "Harbour Clinic"},
                }
            case 1:
                yield {
                    "resourceType": "Claim",
                    **common,
                    "status": "active",
                    "use": "claim",
                    "patient": subject,
                    "billablePeriod": {"start": day, "end": day},
                    "created": day,
                    "insurance": [{"sequence": 1, "focal": True, "coverage": {"display": "Own means"}}],
                    "item": [
                        {
                            "sequence": m,
                            "productOrService": {"text": VISITS[m % 4]},
                            "net": {"value": 80.5, "currency": "USD"},
                        }
                        for m in range(1, 5)
                    ],
                    "total": {"value": 322.0, "currency": "USD"},
                }
            case _:
                code, name, value, unit = READINGS[n % len(READINGS)]
                yield {
                    "resourceType": "Observation",
                    **common,
                    "status": "final",
                    "category": [{"coding": [{"code": "vital-signs", "display": "Vital signs"}]}],
                    "code": {"coding": [{"system": "http://loinc.org", "code": code, "display": name}], "text": name},
                    "subject": subject,
                    "effectiveDateTime": f"{day}T08:00:00Z",
                    "issued": f"{day}T08:10:00Z",
                    "valueQuantity": {
                        "value": value,
                        "unit": unit,
                        "system": "http://unitsofmeasure.org",
                        "code": unit,
                    },
                }
