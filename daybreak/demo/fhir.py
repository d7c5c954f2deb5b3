"""How is a synthetic record written as FHIR R4: small builders for the resources of a story?"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

SYSTEMS = {
    "icd": "http://hl7.org/fhir/sid/icd-10-cm",
    "snomed": "http://snomed.info/sct",
    "rxnorm": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "loinc": "http://loinc.org",
}
# By the part of the history that a review of the section answers for: its code, its name, and what stands in it.
SECTIONS = {
    "conditions": ("11450-4", "Problem list - Reported", "Condition"),
    "medicines": ("10160-0", "History of medication use", "MedicationStatement"),
    "allergies": ("48765-2", "Allergies and adverse reactions", "AllergyIntolerance"),
    "earlier_ketamine": ("29549-3", "Medication administered", "MedicationAdministration"),
    "substance_use": ("29762-2", "Social history", "Condition"),
    "psychiatric_history": ("10165-9", "History of psychiatric symptoms and diseases", "Condition"),
}
ORDINARY = ("conditions", "medicines", "allergies")
Json = dict[str, Any]


class Record:
    """One synthetic person's record in the making. Every method adds a resource; `bundle()` closes it."""

    def __init__(self, id_: str, *, born: str, sex: str, **more: Any) -> None:
        """`more` are further elements of the Patient; without a birth date or sex, nobody recorded one."""
        self.id, self.sex = id_, sex
        self._count, self._came = 0, 0
        self._resources: list[Json] = []
        known = {"gender": sex, "birthDate": born}
        self._add("Patient", {**{name: value for name, value in known.items() if value}, **more}, id_=id_)

    def _add(self, kind: str, content: Json, *, id_: str | None = None) -> str:
        self._count += 1
        name = id_ or f"{self.id}-{self._count}"
        about = {} if kind == "Patient" else {"patient" if kind == "AllergyIntolerance" else "subject": self._self()}
        self._resources.append({"resourceType": kind, "id": name, **about, **content})
        return f"{kind}/{name}"

    def _self(self) -> Json:
        return {"reference": f"Patient/{self.id}"}

    def condition(
        self, code: str, text: str, *, since: str | None = None, until: str | None = None, status: str = "active"
    ) -> None:
        """A diagnosis by ICD-10-CM; `status` is the clinical status, or "refuted"."""
        refuted = status == "refuted"
        content: Json = {
            "code": {"coding": [_coding("icd", code, text)], "text": text},
            "verificationStatus": _status("condition-ver-status", "refuted" if refuted else "confirmed"),
        }
        if not refuted:
            content["clinicalStatus"] = _status("condition-clinical", status)
        if since:
            content["onsetDateTime"] = since
        if until:
            content["abatementDateTime"] = until
        self._add("Condition", content)

    def medicine(
        self,
        rxnorm: str | None,
        name: str,
        *,
        mg: float | None,
        since: str,
        until: str | None = None,
        why_ended: str | None = None,
    ) -> None:
        """A medicine that was taken, once a day; `why_ended` is "no effect" or "side effects"."""
        content: Json = {
            "status": "completed" if until else "active",
            "medicationCodeableConcept": {"coding": [_coding("rxnorm", rxnorm, name)] if rxnorm else [], "text": name},
            "effectivePeriod": {"start": since, **({"end": until} if until else {})},
        }
        if mg is not None:
            content["dosage"] = [
                {
                    "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}},
                    "doseAndRate": [{"doseQuantity": _quantity(mg, "mg")}],
                }
            ]
        if why_ended:
            content["statusReason"] = [{"text": why_ended}]
        self._add("MedicationStatement", content)

    def score(self, loinc: str, name: str, value: int, on: str) -> None:
        """A total score."""
        self._observation(loinc, name, on, {"valueInteger": value})

    def answer(self, loinc: str, name: str, words: str, on: str) -> None:
        """An answer in words."""
        self._observation(loinc, name, on, {"valueCodeableConcept": {"text": words}})

    def pressure(self, systolic: int, diastolic: int, on: str) -> None:
        """Blood pressure (mmHg)."""
        parts = [("8480-6", "Systolic blood pressure", systolic), ("8462-4", "Diastolic blood pressure", diastolic)]
        component = [
            {"code": {"coding": [_coding("loinc", code, name)]}, "valueQuantity": _quantity(value, "mm[Hg]")}
            for code, name, value in parts
        ]
        self._observation("85354-9", "Blood pressure panel", on, {"component": component})

    def _observation(self, loinc: str, name: str, on: str, value: Json) -> None:
        code = {"coding": [_coding("loinc", loinc, name)], "text": name}
        self._add("Observation", {"status": "final", "code": code, "effectiveDateTime": on, **value})

    def ketamine(self, mg: float, on: str, *, why_ended: str | None = None) -> None:
        """One earlier infusion of ketamine; `why_ended` "side effects" makes it a bad one."""
        content: Json = {
            "status": "completed",
            "medicationCodeableConcept": {"coding": [_coding("rxnorm", "6130", "ketamine")], "text": "ketamine"},
            "effectiveDateTime": on,
            "dosage": {"route": {"text": "IV"}, "dose": _quantity(mg, "mg")},
        }
        if why_ended:
            content["statusReason"] = [{"text": why_ended}]
        self._add("MedicationAdministration", content)

    def therapy(self, name: str, *, since: str, until: str, why_ended: str | None = None) -> None:
        """A course that is no medicine, by name ("psychotherapy", "transcranial magnetic stimulation" …)."""
        content: Json = {
            "status": "completed",
            "code": {"text": name},
            "performedPeriod": {"start": since, "end": until},
        }
        if why_ended:
            content["statusReason"] = {"text": why_ended}
        self._add("Procedure", content)

    def allergy(self, name: str, on: str) -> None:
        """An allergy by name."""
        self._add(
            "AllergyIntolerance",
            {
                "clinicalStatus": _status("allergyintolerance-clinical", "active"),
                "verificationStatus": _status("allergyintolerance-verification", "confirmed"),
                "code": {"text": name},
                "recordedDate": on,
            },
        )

    def reviewed(self, on: str, by: str, *, sections: Collection[str] = ORDINARY) -> None:
        """Parts of the history reviewed as a whole, each by its name in `SECTIONS`."""
        for section in sections:
            loinc, name, kind = SECTIONS[section]
            held = [f"{kind}/{r['id']}" for r in self._resources if r["resourceType"] == kind]
            content: Json = {
                "status": "current",
                "mode": "snapshot",
                "code": {"coding": [_coding("loinc", loinc, name)]},
                "date": on,
                "source": {"display": by},
            }
            if held:
                content["entry"] = [{"item": {"reference": reference}} for reference in held]
            else:
                content["emptyReason"] = {
                    "coding": [
                        {"system": "http://terminology.hl7.org/CodeSystem/list-empty-reason", "code": "nilknown"}
                    ]
                }
            self._add("List", content)

    def resource(self, kind: str, **content: Any) -> str:
        """A resource of any type, written out by the caller; returns its reference."""
        return self._add(kind, content)

    def came(self) -> None:
        """What was told until now came with the referral; what follows was recorded at the clinic."""
        self._came = len(self._resources)

    def referral(self) -> Json | None:
        """What came with the referral, as a bundle; None when nothing but the person did."""
        return _bundle(self._resources[: self._came]) if self._came > 1 else None

    def bundle(self) -> Json:
        """The record as a collection bundle."""
        return _bundle(self._resources)


def _bundle(resources: list[Json]) -> Json:
    entries = [
        {"fullUrl": f"https://demo.invalid/fhir/{r['resourceType']}/{r['id']}", "resource": r} for r in resources
    ]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def _coding(system: str, code: str | None, display: str) -> Json:
    return {"system": SYSTEMS[system], "code": code, "display": display}


def _quantity(value: float, unit: str) -> Json:
    return {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}


def _status(system: str, code: str) -> Json:
    return {"coding": [{"system": f"http://terminology.hl7.org/CodeSystem/{system}", "code": code}]}
