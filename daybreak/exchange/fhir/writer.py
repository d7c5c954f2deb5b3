"""How is a chart written as a FHIR R4 bundle, so that reading it back gives the same chart? Same chart, same bytes."""

from __future__ import annotations

import json
import re
import uuid
from base64 import b64encode
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import Any

from daybreak.clinical.answers import UNREADABLE
from daybreak.clinical.records import Chart, Coverage, Patient, Problem, When
from daybreak.exchange.fhir.apart import Identified
from daybreak.exchange.fhir.assemble import READERS
from daybreak.exchange.fhir.carried import Written, extension, person_extension
from daybreak.exchange.fhir.draft import Draft
from daybreak.exchange.fhir.entries import entry_of
from daybreak.exchange.fhir.patients import read_patient
from daybreak.exchange.fhir.record import Record
from daybreak.exchange.fhir.resources import Json, filled, moment, resource
from daybreak.knowledge.terms import Terms

CONSENT_SCOPE = "http://terminology.hl7.org/CodeSystem/consentscope"
READ_IN = "https://daybreak.invalid/fhir/consent-read-in"
CONSENT_DOCUMENT = "59284-0"  # LOINC: the category of FHIR's own value set for a signed consent
BASE = "https://daybreak.invalid/fhir"
_NOBODY = Patient("", "")
_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")


def bundle(
    chart: Chart, *, terms: Terms, at: datetime, who: Identified | None = None, more: Iterable[Json] = ()
) -> Json:
    """The patient, every record of the chart in its order, and `more` resources (documents, provenance) behind them.

    `who` names the patient; without it the bundle says no name. `at` (UTC) is when it was written.
    """
    patient = _patient(chart, who, terms)
    reference = f"Patient/{patient['id']}"
    taken: set[str] = set()
    written = [_written(one, reference, taken, terms) for one in records_of(chart)]
    listed = [patient, *written, *more]
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": at.isoformat(),
        "entry": [{"fullUrl": f"{BASE}/{one['resourceType']}/{one['id']}", "resource": one} for one in listed],
    }


def written(made: Json) -> bytes:
    """The bytes of a bundle: plain ASCII, numbers as they were measured."""
    return json.dumps(_numbers(made), ensure_ascii=True, separators=(",", ":"), allow_nan=False).encode()


def document(*, id: str, patient: str, title: str, media_type: str, content: bytes, at: datetime) -> Json:
    """A DocumentReference that carries the document itself."""
    attachment = {"contentType": media_type, "title": title, "size": len(content), "data": b64encode(content).decode()}
    return {
        "resourceType": "DocumentReference",
        "id": id,
        "status": "current",
        "subject": {"reference": patient},
        "date": at.isoformat(),
        "content": [{"attachment": attachment}],
    }


def provenance(*, id: str, targets: Iterable[str], by: str, site: str, at: datetime) -> Json:
    """Who put this together, where and when."""
    who = filled(display=by)
    return {
        "resourceType": "Provenance",
        "id": id,
        "target": [{"reference": one} for one in targets],
        "recorded": at.isoformat(),
        "agent": [filled(who=who, onBehalfOf=filled(display=site))],
    }


def consent(
    *,
    id: str,
    patient: str,
    title: str,
    version: str,
    research: bool,
    holds: bool,
    signed: datetime,
    until: date,
    by: str = "",
    media_type: str,
    language: str,
    read_in: str = "",
) -> Json:
    """A Consent (R4): active while it holds, else inactive. `until`: its last day, or the day on which it was taken back.

    `by` is who decided for the patient. The signed paper stays where it is: its kind, language and day are told, and
    in an extension the language in which the signer says that they read it, as they named it.
    """
    scope = "research" if research else "treatment"
    read = [{"url": READ_IN, "valueString": read_in}] if read_in else []
    return {
        "resourceType": "Consent",
        "id": id,
        "status": "active" if holds else "inactive",
        "scope": {"coding": [{"system": CONSENT_SCOPE, "code": scope}]},
        "category": [{"coding": [{"system": "http://loinc.org", "code": CONSENT_DOCUMENT}], "text": title}],
        "patient": {"reference": patient},
        "dateTime": signed.isoformat(),
        "performer": [{"display": by} if by else {"reference": patient}],
        "sourceAttachment": {
            "contentType": media_type,
            "language": language,
            "title": title,
            "creation": signed.isoformat(),
        },
        "policyRule": {"text": f"{title}, {version}"},
        "provision": {"period": {"start": signed.date().isoformat(), "end": until.isoformat()}},
        **filled(extension=read),
    }


def _numbers(value: Any) -> Any:
    """JSON has numbers of its own: a `Decimal` becomes the shortest number that reads back as the same one."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {name: _numbers(one) for name, one in value.items()}
    return [_numbers(one) for one in value] if isinstance(value, list) else value


def _patient(chart: Chart, who: Identified | None, terms: Terms) -> Json:
    one = chart.patient
    name = filled(family=who.family_name, given=who.given_names.split()) if who else {}
    language = who.language if who else ""
    died = moment("deceased", one.deceased) if isinstance(one.deceased, When) else {}
    if isinstance(one.deceased, bool):
        died = {"deceasedBoolean": one.deceased}
    made = {
        "resourceType": "Patient",
        "id": _id(one.id),
        **filled(
            identifier=[filled(system=system, value=value) for system, value in (who.identifiers if who else ())],
            name=[name] if name else [],
            gender="unknown" if one.sex is UNREADABLE else one.sex,
            birthDate=str(one.birth) if isinstance(one.birth, When) else None,
            communication=[{"language": {"text": language}}] if language else [],
        ),
        **died,
    }
    entry = entry_of(made, kind="Patient", url="", file="", place="")
    read_back = read_patient(Record(entry, terms, lambda *_: None, []))
    return made | filled(extension=person_extension(one, read_back))


def _id(text: str) -> str:
    """An id as FHIR allows it; another one, always the same, for a text that it does not allow."""
    return text if _ID.fullmatch(text) else str(uuid.uuid5(uuid.NAMESPACE_URL, f"{BASE}/{text}"))


def records_of(chart: Chart) -> Iterator[Written]:
    """Every record that stands in a chart, the patient's own aside."""
    before = (chart.conditions, chart.exposures, chart.observations, chart.allergies, chart.ketamine, chart.therapies)
    yield from chain(*before, filter(None, [chart.episode]))
    yield from chain(chart.coverage, chart.encounters, chart.unmapped, chart.problems)


def _written(one: Written, patient: str, taken: set[str], terms: Terms) -> Json:
    """The resource, with what it does not say by itself. Records of one resource (a panel) become one each."""
    cited = one.source if isinstance(one, Coverage) else one.place if isinstance(one, Problem) else one.ref
    made = resource(one, id="x", patient=patient, terms=terms)
    wanted = _id(cited.partition("/")[2] if cited.startswith(made["resourceType"] + "/") else cited)
    number, id_ = 0, wanted
    while f"{made['resourceType']}/{id_}" in taken:
        number += 1
        id_ = _id(f"{wanted}#{number}")
    taken.add(f"{made['resourceType']}/{id_}")
    made = {**made, "id": id_}
    return {**made, "extension": [extension(one, _read_back(one, made, terms))]}


def _read_back(one: Written, made: Json, terms: Terms) -> Written | None:
    """The one record that this resource says by itself; None when it says none of this kind, or several."""
    entry = entry_of(_numbers(made), kind=made["resourceType"], url="", file="", place="")
    draft = Draft(_NOBODY)
    READERS[entry.kind](Record(entry, terms, lambda *_: None, draft.problems), draft)
    found = [read for read in draft.found() if type(read) is type(one)]
    return found[0] if len(found) == 1 else None
