"""Is this record of another version of FHIR than R4? Then its fields mean other things, and it is not read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

STU3, DSTU2, R5 = "STU3", "DSTU2", "R5"
MEDICINES = frozenset({"MedicationRequest", "MedicationStatement", "MedicationDispense", "MedicationAdministration"})
# Types that R4 no longer has or does not have yet, and that hold what we would have to read.
TYPES = {"MedicationOrder": DSTU2, "MedicationUsage": R5}
# Fields that only that version has: type -> field -> version.
FIELDS: Mapping[str, Mapping[str, str]] = {
    "Condition": {"dateRecorded": DSTU2, "patient": DSTU2, "context": STU3, "assertedDate": STU3, "participant": R5},
    "AllergyIntolerance": {"substance": DSTU2, "assertedDate": STU3, "participant": R5},
    "MedicationRequest": {"context": STU3, "medication": R5, "reason": R5},
    "MedicationStatement": {
        "wasNotTaken": DSTU2, "patient": DSTU2, "taken": STU3, "reasonNotTaken": STU3, "medication": R5, "reason": R5,
    },
    "MedicationDispense": {"patient": DSTU2, "dispenser": DSTU2, "notDone": STU3, "medication": R5},
    "MedicationAdministration": {
        "wasNotGiven": DSTU2, "patient": DSTU2, "effectiveTimeDateTime": DSTU2, "effectiveTimePeriod": DSTU2,
        "notGiven": STU3, "reasonNotGiven": STU3, "medication": R5, "occurenceDateTime": R5, "occurencePeriod": R5,
    },
    "Observation": {"comments": DSTU2, "comment": STU3, "context": STU3, "related": STU3},
    "Procedure": {
        "notPerformed": DSTU2, "notDone": STU3, "context": STU3, "occurrenceDateTime": R5, "occurrencePeriod": R5,
    },
    "QuestionnaireResponse": {"group": DSTU2, "parent": STU3, "context": STU3},
}  # fmt: skip
# Fields that are an object in R4 but were a plain code before.
STATUSES = ("clinicalStatus", "verificationStatus")


def other_version(kind: str, resource: Mapping[str, Any]) -> str | None:
    """The version that this record looks like, or None when it could be R4."""
    if kind in TYPES:
        return TYPES[kind]
    if kind in ("Condition", "AllergyIntolerance") and any(isinstance(resource.get(s), str) for s in STATUSES):
        return DSTU2 if "patient" in resource and kind == "Condition" else STU3
    if kind == "QuestionnaireResponse" and isinstance(resource.get("questionnaire"), dict):
        return STU3
    for field, version in FIELDS.get(kind, {}).items():
        if field in resource:
            return version
    if kind in MEDICINES:
        for field in ("dosage", "dosageInstruction"):
            listed = resource.get(field)
            for dosage in listed if isinstance(listed, list) else ():
                if isinstance(dosage, dict) and ("doseQuantity" in dosage or "quantityQuantity" in dosage):
                    return STU3
    return None
