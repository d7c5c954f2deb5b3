"""How is the record of a session made: as a paper that people read, and as FHIR that another system reads?"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from daybreak.clinical.treatment.events import What
from daybreak.exchange.fhir.apart import Identified
from daybreak.exchange.fhir.treatment import Treated, resources
from daybreak.exchange.fhir.writer import bundle, document, provenance, written
from daybreak.knowledge.sentences import language as spoken
from daybreak.knowledge.terms import terms
from daybreak.web import zones
from daybreak.web.chronicle import devices, found, paper
from daybreak.web.cockpit import alarms
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.papers import pdf
from daybreak.web.papers.actions import JSON, PDF
from daybreak.web.papers.actions import keep as keep_paper
from daybreak.web.papers.models import Paper
from daybreak.web.patients import identity, records
from daybreak.web.patients import queries as patients
from daybreak.web.patients.kinds import ORDINARY, REPRODUCTIVE
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission, require
from daybreak.web.refusals import Refused
from daybreak.web.rems import setting
from daybreak.web.treatment import queries, timeline
from daybreak.web.treatment.models import Session
from daybreak.web.treatment.queries import Now
from daybreak.web.words import LANGUAGES, word

KIND = "session"


@transaction.atomic
def make(session: Session, *, language: str, labelled: bool, by: Person, at: datetime, key: UUID) -> Paper:
    """The whole record as it stands, PDF and FHIR, kept. With what bears a label only by who may read it; it bears it then."""
    locked(Session, pk=session.pk)
    session = Session.objects.select_related("patient", "site", "course", "chair__room").get(pk=session.pk)
    require(by, Permission.RUN_SESSIONS, at=at, site_id=session.site_id)
    content = {"session": session.id, "language": language, "labelled": labelled}
    if earlier := keys.known(key, action="session_record", content=content):
        return Paper.objects.get(pk=earlier)
    if labelled:
        require(by, Permission.READ_SENSITIVE, at=at, site_id=session.site_id)
    if language not in LANGUAGES:
        raise Refused("copies.no_language", in_field="language")
    now = queries.now(session)
    with timezone.override(ZoneInfo(session.site.zone)):
        blocks = list(paper.blocks(now, at=at, language=language, sensitive=labelled, by=by.display_name))
    page: pdf.Told = {"title": word("chronicle.title", language), "footer": session.site.name, "blocks": blocks}
    printed = pdf.make(page, language=language, on=zones.day(at, session.site.zone))
    common = {
        "patient": session.patient,
        "kind": KIND,
        "about": about(session, now),
        "language": language,
        "permission": Permission.READ_PATIENTS,
        "sensitivity": REPRODUCTIVE if labelled else ORDINARY,
    }
    told = {"by": by, "at": at, "site": session.site_id}
    row = keep_paper(printed, **common, **told)
    fhir = _fhir(now, printed, title=page["title"], labelled=labelled, by=by, at=at)
    keep_paper(fhir, **common, **told, media_type=JSON)
    organisation = {"organisation_id": session.organisation_id, "at": at}
    keys.remember(key, action="session_record", content=content, answer=row.id, **organisation)
    return row


def about(session: Session, now: Now) -> str:
    """Of which session, and up to which of its events."""
    return f"session {session.id} {len(now.events)}"


def told_of(now: Now, *, labelled: bool, of: Patient | None = None) -> Treated:
    """A session as another system is told of it; `of`: the record that it is told with, where that is another."""
    session = now.session
    lots = dict.fromkeys(one.lot.number for one in found.from_cupboard(session) if one.kind == "given")
    return Treated(
        id=str(session.id),
        patient=f"Patient/{of.id if of else session.patient_id}",
        site=session.site.name,
        title=spoken("en").word(f"protocol.{session.protocol}"),
        begun=session.created,
        events=now.events,
        state=now.state,
        names=timeline.names([*(one.by for one in now.events), *(one.told.get("done_by") for one in now.events)]),
        alarms={
            one.seq: alarms.said(str(one.told.get("alarm", "")), one.told, "en")
            for one in now.events
            if one.what == What.ALARM_RAISED
        },
        lots=f"lot {', '.join(lots)}" if lots else "",
        private=frozenset() if labelled else timeline.PRIVATE,
        sent=devices.sent(session),
        place=setting.where(session)["fhir"],
    )


def _fhir(now: Now, printed: bytes, *, title: str, labelled: bool, by: Person, at: datetime) -> bytes:
    session = now.session
    details = patients.details(session.patient)
    who = identity.of(details)
    named = Identified("", who.family_name, who.given_names, details.birth, details.sex, who.language)
    whose, id = f"Patient/{session.patient_id}", sha256(printed).hexdigest()[:40]
    more = [
        *resources(told_of(now, labelled=labelled), terms=terms()),
        document(id=id, patient=whose, title=title, media_type=PDF, content=printed, at=at),
        provenance(
            id=f"{id}-by",
            targets=[f"Encounter/{session.id}", f"DocumentReference/{id}"],
            by=by.display_name,
            site=session.site.name,
            at=at,
        ),
    ]
    return written(bundle(records.chart_of(details, []), terms=terms(), at=at, who=named, more=more))
