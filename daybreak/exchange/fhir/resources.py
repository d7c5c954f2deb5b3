"""How is one record of ours written as a FHIR R4 resource? Standard elements first; `carried` holds what they cannot say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from daybreak.clinical import records
from daybreak.clinical.answers import UNREADABLE, Unreadable
from daybreak.clinical.records import Code, When
from daybreak.exchange.fhir.carried import Written
from daybreak.exchange.fhir.dates import read_date
from daybreak.knowledge.terms import LOCAL, Terms

Json = dict[str, Any]
HL7 = "http://terminology.hl7.org/CodeSystem"
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
UCUM = "http://unitsofmeasure.org"
DAILY = {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}}


def filled(**elements: Any) -> Json:
    """The elements that hold something: FHIR knows no empty ones."""
    return {name: held for name, held in elements.items() if held not in (None, "", [], {})}


def concept(text: str, *codes: Code, terms: Terms) -> Json:
    """A CodeableConcept."""
    codings = [filled(system=terms.uri(c.system), code=c.code, display=c.display) for c in codes]
    return filled(coding=codings, text=text)


def moment(name: str, span: When | Unreadable | None) -> Json:
    """`<name>DateTime`, or `<name>Period` for a span that no partial date says; "unknown" for what cannot be known."""
    if span is UNREADABLE:
        return {f"_{name}DateTime": {"extension": [{"url": ABSENT, "valueCode": "unknown"}]}}
    if span is None:
        return {}
    day = _day(span)
    return (
        {f"{name}DateTime": day}
        if day
        else {f"{name}Period": {"start": span.earliest.isoformat(), "end": span.latest.isoformat()}}
    )


def period(start: Any, end: Any) -> Json:
    """From the first day to the last, as far as they are known. A partial date stays one."""
    first = (_day(start) or start.earliest.isoformat()) if isinstance(start, When) else None
    return filled(start=first, end=(_day(end) or end.latest.isoformat()) if isinstance(end, When) else None)


def _day(span: Any) -> str | None:
    """A date of FHIR, whole or partial, that means exactly this span."""
    said = str(span) if isinstance(span, When) else ""
    read = read_date(said)
    return said if read and read[0] == span else None


def _word(system: str, held: Any) -> Json | None:
    return {"coding": [{"system": f"{HL7}/{system}", "code": held}]} if isinstance(held, str) else None


def milligrams(dose: Any) -> Json | None:
    """A Quantity in mg; None for what is no number."""
    return {"value": dose, "unit": "mg", "system": UCUM, "code": "mg"} if isinstance(dose, Decimal) else None


def _condition(one: records.Condition, terms: Terms) -> Json:
    return {
        "resourceType": "Condition",
        **filled(
            clinicalStatus=_word("condition-clinical", one.clinical),
            verificationStatus=_word("condition-ver-status", one.verification),
            code=concept(one.text, *one.codes, terms=terms),
        ),
        **moment("onset", one.onset),
        **moment("abatement", one.abatement),
        **filled(recordedDate=_day(one.recorded)),
    }


def _episode(one: records.Episode, terms: Terms) -> Json:
    severity = {"text": one.severity} if isinstance(one.severity, str) else None
    return {
        "resourceType": "Condition",
        **filled(severity=severity, code={"text": "present depressive episode"}),
        **moment("onset", one.start),
    }


_STATEMENT = {"active": "active", "ended": "completed", "planned": "intended", "held": "on-hold"}
_REQUEST = {"active": "active", "ended": "stopped", "planned": "draft", "held": "on-hold"}


def _exposure(one: records.Exposure, terms: Terms) -> Json:
    ordered = one.kind == "MedicationRequest"
    words = _REQUEST if ordered else _STATEMENT
    status = words.get(one.status, "unknown") if isinstance(one.status, str) else "unknown"
    quantity = milligrams(one.dose)
    span = period(one.start, one.end)
    dosage: Json = {"timing": {"repeat": dict(DAILY["repeat"])}, "doseAndRate": [{"doseQuantity": quantity}]}
    if ordered and span:
        dosage["timing"]["repeat"]["boundsPeriod"] = span
    made = {
        "resourceType": "MedicationRequest" if ordered else "MedicationStatement",
        "status": status,
        **filled(
            statusReason=_why(one.stop, many=not ordered),
            medicationCodeableConcept=concept(one.text, *coded(one.ingredients, terms), terms=terms),
            reasonCode=[{"text": one.indication}] if isinstance(one.indication, str) else None,
        ),
    }
    if ordered:
        return made | filled(
            intent="order", authoredOn=_day(one.start), dosageInstruction=[dosage] if quantity or span else []
        )
    return made | filled(effectivePeriod=span, dosage=[dosage] if quantity else None)


def _why(stop: Any, *, many: bool) -> Any:
    """Why it was stopped."""
    said = {"text": stop} if isinstance(stop, str) else None
    return [said] if said and many else said


def coded(ingredients: Any, terms: Terms) -> list[Code]:
    """The code of a medicine of one ingredient, where it has one."""
    if ingredients is UNREADABLE or len(ingredients) != 1:
        return []
    known = terms.medicines.get(ingredients[0], {})
    return [Code("rxnorm", code, known["title"]["en"]) for code in known.get("rxnorm", ())[:1]]


def _ketamine(one: records.KetamineExposure, terms: Terms) -> Json:
    bad = one.response == "bad"
    return {
        "resourceType": "MedicationAdministration",
        "status": "stopped" if bad else "completed",
        **filled(
            statusReason=[{"text": "intolerance"}] if bad else None,
            medicationCodeableConcept=concept(one.text, *coded((one.drug,), terms), terms=terms),
        ),
        **moment("effective", one.when),
        **filled(dosage=filled(route={"text": one.route} if one.route else None, dose=milligrams(one.dose))),
    }


def _observation(one: records.Observation, terms: Terms) -> Json:
    kind, code = terms.kinds.get(one.kind), terms.code_of(one.kind)
    at = moment("effective", one.when)
    if one.instant is not None and isinstance(one.when, When) and str(one.when) == one.instant.date().isoformat():
        at = {"effectiveDateTime": one.instant.isoformat()}
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": concept(one.text or one.kind, code or Code(LOCAL, one.kind), terms=terms),
        **at,
        **_value(one.value, unit=_unit(kind.units) if kind and kind.units else ""),
    }


def _unit(units: Mapping[str, Decimal]) -> str:
    """How the kind's own unit is written."""
    return next(unit for unit, factor in units.items() if factor == 1)


def _value(held: Any, *, unit: str) -> Json:
    if held is UNREADABLE:
        return {"dataAbsentReason": _word("data-absent-reason", "unknown")}
    if isinstance(held, Decimal):
        return {"valueQuantity": filled(value=held, unit=unit, system=UCUM if unit else None, code=unit)}
    return {} if held is None else {"valueString": held}


def _allergy(one: records.Allergy, terms: Terms) -> Json:
    substance = tuple(one.substances) if isinstance(one.substances, frozenset) else UNREADABLE
    return {
        "resourceType": "AllergyIntolerance",
        **filled(
            clinicalStatus=_word("allergyintolerance-clinical", one.clinical),
            verificationStatus=_word("allergyintolerance-verification", one.verification),
            type=one.kind,
            code=concept(one.text, *coded(substance, terms), terms=terms),
            recordedDate=_day(one.recorded),
        ),
    }


def _therapy(one: records.Therapy, terms: Terms) -> Json:
    return {
        "resourceType": "Procedure",
        "status": "completed" if one.end is not None else "unknown",
        **filled(
            statusReason=_why(one.stop, many=False),
            code={"text": one.text or one.kind},
            performedPeriod=period(one.start, one.end),
            note=[{"text": f"{one.sessions} sessions"}] if isinstance(one.sessions, int) else None,
        ),
    }


def _encounter(one: records.Encounter, terms: Terms) -> Json:
    return {
        "resourceType": "Encounter",
        "status": "finished" if one.end is not None else "in-progress",
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"},
        **filled(reasonCode=[{"text": one.text}] if one.text else None, period=period(one.start, one.end)),
    }


def _coverage(one: records.Coverage, terms: Terms) -> Json:
    code = terms.list_of(one.domain)
    return {
        "resourceType": "List",
        "status": "current",
        "mode": "snapshot",
        "title": f"Reviewed: {one.domain.replace('_', ' ')}",
        **filled(
            code=concept("", code, terms=terms) if code else {"text": one.domain},
            date=one.reviewed_on.isoformat(),
            source={"display": one.by} if one.by else None,
        ),
    }


def _unmapped(one: records.Unmapped, terms: Terms) -> Json:
    system, _, code = one.code.partition("|")
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"text": "a record whose code is not known here"},
        **filled(valueCodeableConcept=concept(one.text, *([Code(system, code)] if code else []), terms=terms)),
        **moment("effective", one.recorded),
    }


def _problem(one: records.Problem, terms: Terms) -> Json:
    absent = _word("data-absent-reason", "error")
    said = {"text": "a record that could not be read"}
    return {"resourceType": "Observation", "status": "final", "code": said, "dataAbsentReason": absent}


_WRITERS: Mapping[type, Callable[[Any, Terms], Json]] = {
    records.Condition: _condition,
    records.Episode: _episode,
    records.Exposure: _exposure,
    records.KetamineExposure: _ketamine,
    records.Observation: _observation,
    records.Allergy: _allergy,
    records.Therapy: _therapy,
    records.Encounter: _encounter,
    records.Coverage: _coverage,
    records.Unmapped: _unmapped,
    records.Problem: _problem,
}


def resource(one: Written, *, id: str, patient: str, terms: Terms) -> Json:
    """The resource of a record about that patient ("Patient/x"), without what only `carried` can say."""
    made = _WRITERS[type(one)](one, terms)
    whose = "patient" if made["resourceType"] == "AllergyIntolerance" else "subject"
    return {"resourceType": made.pop("resourceType"), "id": id, whose: {"reference": patient}, **made}
