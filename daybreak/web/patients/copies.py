"""How does a whole record leave the clinic: as a paper that people read, and as FHIR that another system reads?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from daybreak.exchange.fhir.apart import Identified
from daybreak.exchange.fhir.resources import Json
from daybreak.exchange.fhir.writer import bundle, document, provenance, written
from daybreak.knowledge.terms import terms
from daybreak.web import zones
from daybreak.web.papers import pdf
from daybreak.web.papers.actions import PDF
from daybreak.web.patients import identity, older, queries, records, telling
from daybreak.web.patients.kinds import ORDINARY, SENSITIVITIES, Kind
from daybreak.web.patients.models import PATIENT, Details, Entry, Patient
from daybreak.web.people.models import Site
from daybreak.web.refusals import Refused
from daybreak.web.words import LANGUAGES, word

IN_ORDER = (
    Kind.EPISODE,
    Kind.CONDITION,
    Kind.EXPOSURE,
    Kind.KETAMINE,
    Kind.THERAPY,
    Kind.OBSERVATION,
    Kind.ALLERGY,
    Kind.ENCOUNTER,
    Kind.COVERAGE,
)


@dataclass(frozen=True, slots=True)
class Copy:
    """Both forms of the record as it counts at that moment; `sensitivity` is a label if something of it bears one."""

    paper: bytes
    fhir: bytes
    sensitivity: str


def copy_of(
    patient: Patient,
    *,
    site: Site,
    language: str,
    at: datetime,
    by: str,
    title: str = "",
    before: Sequence[pdf.Block] = (),
    leaves: Collection[str] = SENSITIVITIES,
    told: Sequence[Json] = (),
) -> Copy:
    """Everything that counts now, the paper itself inside the bundle; `before` stands in front of it on the paper.

    What bears a label that is not in `leaves` stays here. `by` is the name of whoever made it, and
    `told` what else the bundle carries.
    """
    if language not in LANGUAGES:
        raise Refused("copies.no_language")
    details = queries.details(patient)
    rows = [row for row in records.current(patient) if older.label(row) in leaves]
    who = identity.of(details)
    blocks = [*_who(details, site, language), *before]
    for kind in IN_ORDER:
        if found := [row for row in rows if row.kind == kind]:
            blocks.append(pdf.heading(word(telling.KINDS[kind], language)))
            head = [word(one, language) for one in ("copies.day", "copies.what", "copies.who_says")]
            blocks.append(pdf.table(head, [_row(row, language) for row in found]))
    page: pdf.Told = {"title": title or word("copies.title", language), "footer": site.name, "blocks": blocks}
    paper = pdf.make(page, language=language, on=zones.day(at, site.zone))
    named = Identified("", who.family_name, who.given_names, details.birth, details.sex, who.language)
    about, id_ = f"Patient/{patient.id}", sha256(paper).hexdigest()[:40]
    more = [
        *told,
        document(id=id_, patient=about, title=page["title"], media_type=PDF, content=paper, at=at),
        provenance(id=f"{id_}-by", targets=[about, f"DocumentReference/{id_}"], by=by, site=site.name, at=at),
    ]
    made = bundle(records.chart_of(details, rows), terms=terms(), at=at, who=named, more=more)
    labels = {older.label(row) for row in rows} - {ORDINARY}
    return Copy(paper, written(made), next((one for one in SENSITIVITIES if one in labels), ORDINARY))


def _who(details: Details, site: Site, language: str) -> list[pdf.Block]:
    who = identity.of(details)
    return [
        pdf.facts(
            (word("copies.name", language), who.name),
            (word("patients.birth", language), who.birth or "–"),
            (word("patients.site", language), site.name),
        )
    ]


def _row(row: Entry, language: str) -> list[str]:
    record = records.record(row)
    said = "; ".join(
        [telling.headline(record, language), *(f"{name}: {value}" for name, value in telling.said(record, language))]
    )
    says = word("copies.patient", language) if row.origin == PATIENT else row.by.display_name if row.by else ""
    return [telling.day(record) or "–", said, says]
