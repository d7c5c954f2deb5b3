"""How is a letter, or another paper that people read, a FHIR R4 document: what it says, and the resources that it rests on?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from xml.sax.saxutils import escape

from daybreak.exchange.fhir.resources import Json
from daybreak.exchange.fhir.writer import BASE

LOINC, LETTER = "http://loinc.org", "51852-2"
SENSITIVITY = "https://daybreak.invalid/fhir/sensitivity"


def as_document(
    bundle: Json,
    *,
    id: str,
    code: str,
    title: str,
    says: Sequence[str],
    language: str,
    author: str,
    site: str,
    at: datetime,
    labels: Sequence[str] = (),
) -> Json:
    """The same resources as a document: a Composition stands first, says the paragraphs and names every one of them.

    `labels` are what the document bears because something in it does; each stands in its `meta.security`.
    """
    listed = [one["resource"] for one in bundle["entry"]]
    patient = next(one for one in listed if one["resourceType"] == "Patient")
    security = {"security": [{"system": SENSITIVITY, "code": one} for one in labels]} if labels else {}
    composition: Json = {
        "resourceType": "Composition",
        "id": id,
        **({"meta": security} if labels else {}),
        "language": language,
        "status": "final",
        "type": {"coding": [{"system": LOINC, "code": code}]},
        "subject": {"reference": f"Patient/{patient['id']}"},
        "date": at.isoformat(),
        "author": [{"display": author}],
        "custodian": {"display": site},
        "title": title,
        "section": [
            {
                "title": title,
                "text": {"status": "additional", "div": _div(says)},
                "entry": [{"reference": f"{one['resourceType']}/{one['id']}"} for one in listed if one is not patient],
            }
        ],
    }
    return {
        "resourceType": "Bundle",
        **({"meta": security} if labels else {}),
        "identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{id}"},
        "type": "document",
        "timestamp": at.isoformat(),
        "entry": [{"fullUrl": f"{BASE}/Composition/{id}", "resource": composition}, *bundle["entry"]],
    }


def _div(says: Sequence[str]) -> str:
    inner = "".join(f"<p>{escape(one)}</p>" for one in says)
    return f'<div xmlns="http://www.w3.org/1999/xhtml">{inner}</div>'
