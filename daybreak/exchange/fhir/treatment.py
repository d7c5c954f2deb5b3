"""How is a treatment session written as FHIR R4: the visit, what was given, measured, asked and what went wrong?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from daybreak.clinical.records import Code
from daybreak.clinical.treatment.events import AFTER_EXPOSURE, Event, Outcome, Phase, What, decimal
from daybreak.clinical.treatment.session import Check, Exposure, State, corrected
from daybreak.exchange.fhir.resources import Json, coded, concept, filled, milligrams
from daybreak.exchange.fhir.sent import Sent
from daybreak.exchange.fhir.sent import resources as sent
from daybreak.knowledge import sessions
from daybreak.knowledge.terms import LOCAL, Terms

PANEL = Code("loinc", "85354-9", "Blood pressure panel")
BETWEEN = "https://daybreak.invalid/fhir/given-between"
CLASS = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
PARTS = ("systolic", "diastolic")
HARMS = frozenset({Outcome.TRANSFERRED, Outcome.DIED})
UNITS = {"mmHg": "mm[Hg]"}


@dataclass(frozen=True, slots=True)
class Treated:
    """One session, as it stands. `title`: of its protocol; `names`: of people, by id; `lots`: what was given from, in words,
    where no dose says it; `alarms`: what each that was raised is, in words, by its event's number; `private`: the questions
    whose answers stay here; `sent`: what its devices sent; `place`: a code of HL7 for where it was, as an outpatient where nobody
    said otherwise."""

    id: str
    patient: str
    site: str
    title: str
    begun: datetime
    events: tuple[Event, ...]
    state: State
    names: Mapping[str, str] = field(default_factory=dict)
    lots: str = ""
    alarms: Mapping[int, str] = field(default_factory=dict)
    private: frozenset[str] = frozenset()
    sent: Sent = field(default_factory=Sent)
    place: str = "AMB"

    @property
    def own(self) -> Json:
        """What every resource of it bears."""
        return {"subject": {"reference": self.patient}}

    @property
    def visit(self) -> Json:
        return {"reference": f"Encounter/{self.id}"}

    def by(self, id: str | None) -> list[Json]:
        """Who did it, by name."""
        return [{"display": self.names[id]}] if id and id in self.names else []

    def did(self, seq: int, by: str | None) -> list[Json]:
        """The same where somebody else wrote it down: who did it, by name."""
        said = next((one.told.get("done_by") for one in self.events if one.seq == seq), None)
        return self.by(said or by)


def resources(told: Treated, *, terms: Terms) -> list[Json]:
    """Everything of it: the visit, what was given and went wrong, the procedure, what was seen and answered, what alarmed, and
    what devices sent."""
    seen = [_procedure(told), *_checks(told, terms), *_answers(told), *_alarms(told)]
    common = {**told.own, "encounter": told.visit}
    return [*given(told, terms=terms), *seen, *sent(told.sent, id=told.id, common=common, terms=terms)]


def given(told: Treated, *, terms: Terms) -> list[Json]:
    """The visit, what was given in it, and what went wrong: what stands in a record that tells of every treatment."""
    exposures = [_exposure(told, one, terms) for one in told.state.exposures]
    return [_visit(told), *exposures, *_rescues(told), *_harms(told)]


def _visit(told: Treated) -> Json:
    state = told.state
    status = "finished" if state.exposed or state.outcome in AFTER_EXPOSURE else "cancelled"
    ended = state.ended.at.isoformat() if state.ended else None
    outcome = {"text": sessions.ends()[state.outcome]["title"]["en"]} if state.outcome else None
    return {
        "resourceType": "Encounter",
        "id": told.id,
        **told.own,
        "status": status if state.phase is Phase.CLOSED else "in-progress",
        "class": {"system": CLASS, "code": told.place},
        "type": [{"text": told.title}],
        "period": filled(start=told.begun.isoformat(), end=ended),
        "serviceProvider": {"display": told.site},
        **filled(hospitalization=filled(dischargeDisposition=outcome)),
    }


def _procedure(told: Treated) -> Json:
    state = told.state
    if not state.exposed:
        status = "not-done" if state.phase is Phase.CLOSED else "preparation"
    elif state.phase is not Phase.CLOSED:
        status = "in-progress"
    else:
        status = "stopped" if state.stopped_early else "completed"
    first, last = state.first_exposure, state.last_exposure
    return {
        "resourceType": "Procedure",
        "id": f"{told.id}-procedure",
        **told.own,
        "status": status,
        "code": {"text": told.title},
        "encounter": told.visit,
        **filled(
            performedPeriod=filled(start=first and first.isoformat(), end=last and last.isoformat()),
        ),
    }


def _exposure(told: Treated, one: Exposure, terms: Terms) -> Json:
    """A dose of which nobody knows how much it was has no amount, and says between which two it lies."""
    known = one.last is not None and one.mg_low is not None and one.mg_low == one.mg_high
    status = "in-progress" if one.last is None else "completed" if one.anything else "not-done"
    text = None if one.lots else told.lots
    dosage = filled(text=text, route={"text": one.route} if one.route else None, dose=milligrams(one.mg_high))
    return {
        "resourceType": "MedicationAdministration",
        "id": f"{told.id}-{one.seq}",
        **told.own,
        "status": status,
        **_medicine(one, terms),
        "context": told.visit,
        "effectivePeriod": filled(start=one.first.isoformat(), end=one.last and one.last.isoformat()),
        **filled(
            performer=[{"actor": actor} for actor in told.did(one.seq, one.by)],
            dosage=dosage if known and one.anything else None,
            **({} if known else _between(one.mg_low, one.mg_high)),
        ),
    }


def _medicine(one: Exposure, terms: Terms) -> Json:
    """What was given, with the lot that it came from and the device by its serial number; both are of this dose alone, so they
    are contained in it. Of several lots in one dose all are contained, and the first is the one that is referred to."""
    code = concept(one.drug, *coded((one.drug,), terms), terms=terms)
    device = f"device-{one.seq}"
    inside: list[Json] = [
        {"resourceType": "Medication", "id": f"lot-{n}", "code": code, "batch": {"lotNumber": lot}}
        for n, lot in enumerate(one.lots, 1)
    ]
    if one.serial:
        inside.append({"resourceType": "Device", "id": device, "serialNumber": one.serial})
    what: Json = {"medicationReference": {"reference": "#lot-1"}} if one.lots else {"medicationCodeableConcept": code}
    return {**filled(contained=inside, device=[{"reference": f"#{device}"}] if one.serial else []), **what}


def _between(low: Decimal | None, high: Decimal | None) -> Json:
    """An amount of two bounds, for machines as far as they are known and for people in any case."""
    bounds = filled(low=milligrams(low), high=milligrams(high))
    said = f"between {'?' if low is None else low} and {'?' if high is None else high} mg"
    return {"note": [{"text": said}], **filled(extension=[{"url": BETWEEN, "valueRange": bounds}] if bounds else [])}


def _rescues(told: Treated) -> Iterator[Json]:
    for one in told.state.rescues:
        mg, route = decimal(one.told.get("mg")), str(one.told.get("route", ""))
        dosage = filled(route={"text": route} if route else None, dose=milligrams(mg)) if mg is not None else None
        ordered = str(one.told.get("ordered_by", ""))
        yield {
            "resourceType": "MedicationAdministration",
            "id": f"{told.id}-{one.seq}",
            **told.own,
            "status": "completed",
            "medicationCodeableConcept": {"text": str(one.told.get("drug", "")) or "?"},
            "context": told.visit,
            "effectiveDateTime": one.at.isoformat(),
            **filled(
                performer=[{"actor": actor} for actor in told.did(one.seq, one.by)],
                note=[{"text": f"ordered by {ordered}"}] if ordered else [],
                dosage=dosage,
            ),
        }


def _checks(told: Treated, terms: Terms) -> Iterator[Json]:
    origins = {one.seq: one.told.get("origin") for one in corrected(told.events)}
    for one in told.state.checks:
        line = sessions.rows().get(one.row)
        code = PANEL if one.row == "pressure" else terms.code_of(one.row) or Code(LOCAL, one.row)
        yield {
            "resourceType": "Observation",
            "id": f"{told.id}-{one.seq}",
            **told.own,
            "status": "amended" if one.known != one.seq else "final",
            "code": concept(line["title"]["en"] if line else one.row, code, terms=terms),
            "encounter": told.visit,
            "effectiveDateTime": one.at.isoformat(),
            **filled(performer=told.did(one.seq, one.by), **_origin(origins.get(one.seq))),
            **_value(one, line["unit"] if line else "", terms),
        }


def _origin(origin: Any) -> Json:
    """From which device a person took it over."""
    if not isinstance(origin, Mapping):
        return {}
    return {"device": {"display": origin["device"]}, "method": {"text": f"taken over from {origin['source']}"}}


def _value(one: Check, unit: str, terms: Terms) -> Json:
    if isinstance(one.value, Mapping):
        parts = [(part, decimal(one.value.get(part))) for part in PARTS]
        coded_ = [(terms.code_of(part) or Code(LOCAL, part), part, value) for part, value in parts]
        found = [{"code": concept(part, code, terms=terms), **_number(value, unit)} for code, part, value in coded_]
        return {"component": found}
    return _number(decimal(one.value), unit)


def _number(value: Decimal | None, unit: str) -> Json:
    """What was tried and gave no number is said to be unknown, never left out."""
    if value is None:
        system = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
        return {"dataAbsentReason": {"coding": [{"system": system, "code": "unknown"}]}}
    ucum = UNITS.get(unit, unit)
    coded_ = {"system": "http://unitsofmeasure.org", "code": ucum} if ucum else {}
    return {"valueQuantity": {"value": value, **filled(unit=unit), **coded_}}


def _answers(told: Treated) -> Iterator[Json]:
    """What was asked and answered, in the words of the card; `private` ones say only that they were."""
    items = [_item(told, id, one) for id, one in told.state.answers.items()]
    if items:
        last = max(one.at for one in told.state.answers.values())
        yield {
            "resourceType": "QuestionnaireResponse",
            "id": f"{told.id}-asked",
            **told.own,
            "status": "completed",
            "encounter": told.visit,
            "authored": last.isoformat(),
            "item": items,
        }


def _item(told: Treated, id: str, one: Any) -> Json:
    line = sessions.question(id)
    said = next((each["words"]["en"] for each in line["answers"] if each["id"] == one.answer), one.answer)
    if id in told.private:
        said = "answered; kept back"
    decided = f" (a prescriber decided: {one.decided}; {one.why})" if one.decided and id not in told.private else ""
    return {"linkId": id, "text": line["ask"]["en"], "answer": [{"valueString": f"{said}{decided}"}]}


def _alarms(told: Treated) -> Iterator[Json]:
    """Each alarm that was raised, as an issue that was detected: how loud, and in order what became of it and by whom. It is
    final when it ended; one that nobody ended is not."""
    open_: dict[str, Json] = {}
    for one in sorted(told.events, key=lambda each: each.seq):
        id = str(one.told.get("alarm", ""))
        if one.what == What.ALARM_RAISED:
            open_[id] = _issue(told, one)
            yield open_[id]
        elif one.what in _BECAME and id in open_:
            open_[id].setdefault("mitigation", []).append(_became(told, one))
            if one.what == What.ALARM_RESOLVED:
                open_.pop(id)["status"] = "final"


# What became of an alarm.
_BECAME: Mapping[str, str] = {
    What.ALARM_ACKNOWLEDGED: "acknowledged",
    What.ALARM_ESCALATED: "escalated",
    What.ALARM_RESOLVED: "ended",
}


def _issue(told: Treated, one: Event) -> Json:
    return {
        "resourceType": "DetectedIssue",
        "id": f"{told.id}-{one.seq}",
        "status": "preliminary",
        "code": {"text": told.alarms.get(one.seq, str(one.told.get("alarm", "")))},
        "severity": "moderate" if one.told.get("level") == "caution" else "high",
        "patient": told.own["subject"],
        "identifiedDateTime": one.happened.isoformat(),
        "implicated": [{"reference": f"Procedure/{told.id}-procedure"}, told.visit],
    }


def _became(told: Treated, one: Event) -> Json:
    """What was done, when, and by whom where a person did it."""
    to, within = one.told.get("role"), one.told.get("within")
    said = [_BECAME[one.what], f"to {to}" if to else "", str(one.told.get("did") or "")]
    said.append(f"looked at again within {within} min" if within else "")
    who = told.by(one.by)
    text = ": ".join(part for part in (" ".join(filter(None, said[:2])), "; ".join(filter(None, said[2:]))) if part)
    return {"action": {"text": text}, "date": one.happened.isoformat(), **filled(author=who[0] if who else None)}


def _harms(told: Treated) -> Iterator[Json]:
    """Every emergency, and an end in a hospital or worse. Nobody has said of what it came: nothing is suspected here."""
    for one in _of(told.events, What.EMERGENCY_OPENED):
        yield _harm(told, f"{told.id}-{one.seq}", "an emergency in a treatment session", one.happened)
    ended = told.state.ended
    if ended and told.state.outcome in HARMS:
        said = sessions.ends()[told.state.outcome]["title"]["en"]
        yield _harm(told, f"{told.id}-{ended.seq}", said, ended.at)


def _harm(told: Treated, id: str, said: str, at: datetime) -> Json:
    return {
        "resourceType": "AdverseEvent",
        "id": id,
        **told.own,
        "actuality": "actual",
        "event": {"text": said},
        "encounter": told.visit,
        "date": at.isoformat(),
    }


def _of(events: Iterable[Event], what: What) -> list[Event]:
    return [one for one in corrected(events) if one.what == what]
